cp "$SAMPLES/quarters.xlsx" . && "$PYFORGE" info quarters.xlsx
