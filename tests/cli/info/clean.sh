cp "$SAMPLES/clean.csv" . && "$PYFORGE" info clean.csv
