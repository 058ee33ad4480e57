cp "$SAMPLES/messy.csv" . && "$PYFORGE" convert messy.csv | sed 's/  [0-9.]* s  .*//'
