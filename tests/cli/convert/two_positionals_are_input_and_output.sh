printf 'a,b\n1,2\n' > in.csv; "$PYFORGE" convert in.csv sub/out.parquet -q && test -f sub/out.parquet
