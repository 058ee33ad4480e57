printf 'a,b\n1,2\n' > in.csv; "$PYFORGE" convert in.csv -q; "$PYFORGE" convert in.csv
