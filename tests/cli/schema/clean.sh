cp "$SAMPLES/clean.csv" . && "$PYFORGE" schema clean.csv
