"$PYFORGE" transmute x
