printf 'a,b\n1,2\n' > in.csv; "$PYFORGE" convert in.csv --explain -c zstd --threads 2; test ! -e in.parquet
