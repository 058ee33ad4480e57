# the value that widened column b would colour the screen
printf 'a,b\n1,2\n1,2\n3,\033[31mx\177\302\233\n' > esc.csv
"$PYFORGE" convert esc.csv
"$PYFORGE" validate esc.csv
