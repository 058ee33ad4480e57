printf 'a\033]0;x,b\n1,2\n3\n' > in.csv
"$PYFORGE" convert in.csv out.parquet -v 2>&1 | grep -c "$(printf 'a\\\\x1B]0;x int64')"
"$PYFORGE" convert in.csv out.parquet -v --force 2>&1 | grep -c "$(printf '\033')" || true
