"$PYFORGE" validate "$SAMPLES/clean.csv"
