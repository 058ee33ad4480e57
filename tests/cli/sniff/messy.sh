"$PYFORGE" sniff "$SAMPLES/messy.csv"
