# What the extension promises, with the program itself. Usage: PYFORGE=pyforge sh test.sh FOLDER-OF-THE-LIBRARY
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYFORGE_EXTENSION_PATH="$1" XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config"
cd "$work"
unset SAMPLE_FOLDER
"$PYFORGE" list-extensions | grep -q 'sample .*Unavailable: .*SAMPLE_FOLDER'
mkdir folder
export SAMPLE_FOLDER="$work/folder"
"$PYFORGE" list-extensions | grep -q 'sample .*\[OK\] Loaded'
printf 'a,b\n1,2\n' > folder/in.csv
"$PYFORGE" convert -q sample:in.csv -o out.csv
cmp folder/in.csv out.csv
"$PYFORGE" convert -q out.csv -o sample:copy.csv
cmp folder/in.csv folder/copy.csv
if "$PYFORGE" convert -q sample:none.csv -o no.csv 2> err; then exit 1; fi
grep -q 'is not there' err
"$PYFORGE" extensions check -q "$1/sample.so" sample:
echo "sample: all good"
