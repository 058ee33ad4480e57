cp "$SAMPLES/messy.csv" . && "$PYFORGE" info messy.csv -f json | python3 -m json.tool > /dev/null
