"$PYFORGE" convert nowhere.csv
