printf 'a,b\n1,2\n' > one.csv; : > two.csv; printf 'c\n3\n' > three.csv
"$PYFORGE" convert one.csv two.csv three.csv out/ | sed 's/  [0-9.]* s  .*//'; code=${PIPESTATUS[0]}; ls out; exit $code
