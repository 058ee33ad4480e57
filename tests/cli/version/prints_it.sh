"$PYFORGE" --version
