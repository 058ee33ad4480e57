printf 'a,b\n1,2\n' > in.csv; "$PYFORGE" -v convert in.csv one.parquet -q && "$PYFORGE" convert in.csv two.parquet -q -v && cmp one.parquet two.parquet
