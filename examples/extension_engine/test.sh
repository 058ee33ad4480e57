# What the extension promises, with the program itself. Usage: PYFORGE=pyforge sh test.sh FOLDER-OF-THE-LIBRARY
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYFORGE_EXTENSION_PATH="$1" XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config"
cd "$work"
printf 'one\ntwo\n' > in.sample
"$PYFORGE" convert in.sample -o out.txt | grep -q '2 rows in = 2 out'
printf 'ONE\nTWO\n' | diff - out.txt
printf 'a\n1\n' > in.csv
"$PYFORGE" convert -q in.csv out.csv # not ours: pyforge's own engine does it
cmp in.csv out.csv
PYFORGE_FORCE_CORE=1 "$PYFORGE" convert -q in.csv out.csv --force
"$PYFORGE" extensions check -q "$1/sample.so" in.sample
echo "sample: all good"
