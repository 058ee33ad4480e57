"$PYFORGE" convret x.csv
"$PYFORGE" orders.csv
