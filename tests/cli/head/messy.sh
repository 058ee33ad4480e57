"$PYFORGE" head "$SAMPLES/messy.csv" -n 3
