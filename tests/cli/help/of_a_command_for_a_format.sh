"$PYFORGE" help convert csv | head -5 && "$PYFORGE" convert --help | grep -c -- --delimiter
