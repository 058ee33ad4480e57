"$PYFORGE" formats
