# by name: a few bytes, a hole that a crash left behind, escapes of a terminal; a program is none
printf 'id,name\n1,a\000b\n2,\000\n' > short.csv
(printf 'a,b\n1,2\n3,4\n'; head -c 40000 /dev/zero; printf '\n5,6\n') > hole.csv
printf 'a\033[31mX,b\n1,\033]0;t\007\n2,3\n' > escapes.csv
"$PYFORGE" convert short.csv hole.csv escapes.csv out/ -q
head -c 60000 "$PYFORGE" > program.csv
! "$PYFORGE" convert program.csv -q
