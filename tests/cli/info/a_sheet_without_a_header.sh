cp "$CASES/../golden/xlsx/no_header/input.xlsx" . && "$PYFORGE" info input.xlsx
