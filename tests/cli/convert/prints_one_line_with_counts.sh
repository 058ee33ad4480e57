cp "$SAMPLES/clean.csv" . && "$PYFORGE" convert clean.csv | sed 's/  [0-9.]* s  .*//' && test -f clean.parquet
