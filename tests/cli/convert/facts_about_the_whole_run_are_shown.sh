mkdir x y
printf 'q,w\n9,8\n' | tee x/same.csv > y/same.csv
"$PYFORGE" convert x/same.csv y/same.csv out/ 2>&1 | grep -v rows
printf 'q,w,more\n9,8,1\n' > z.csv
"$PYFORGE" convert x/same.csv z.csv one.parquet --combine --schema-mode union 2>&1 | grep -v rows
