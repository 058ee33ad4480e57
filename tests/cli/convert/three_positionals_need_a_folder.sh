printf 'a,b\n1,2\n' > in.csv; "$PYFORGE" convert in.csv in.csv out.parquet
