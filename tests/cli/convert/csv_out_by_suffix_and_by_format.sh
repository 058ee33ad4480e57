printf 'a;b\n1;x,y\n2;\n' > in.csv; "$PYFORGE" convert in.csv out.csv -q && cat out.csv && "$PYFORGE" convert in.csv -f csv -o all/ -q && cat all/in.csv
