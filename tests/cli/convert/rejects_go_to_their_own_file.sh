printf 'a,b\n1,2\n3\n4,5\n' > in.csv; "$PYFORGE" convert in.csv out.parquet --on-bad-row reject -q && cat out.parquet.rejects.csv
