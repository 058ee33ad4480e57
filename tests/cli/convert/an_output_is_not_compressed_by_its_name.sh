printf 'a,b\n1,2\n' > in.csv
"$PYFORGE" convert in.csv out.csv.gz
"$PYFORGE" convert in.csv -f csv -o out.csv.zst
ls
exit 2
