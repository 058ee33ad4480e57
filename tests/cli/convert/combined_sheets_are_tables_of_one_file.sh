cp "$SAMPLES/quarters.xlsx" . && "$PYFORGE" convert quarters.xlsx year.parquet --combine | sed 's/  [0-9.]* s  .*//'
! "$PYFORGE" convert quarters.xlsx q1.parquet -q
