printf 'a,b\n1,2\n3,"never closed\n4,5\n6\n' > bad.csv; "$PYFORGE" validate bad.csv
