"$PYFORGE" convert in.csv --compresion zstd
