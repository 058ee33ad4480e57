# What the extension promises, with the program itself. Usage: PYFORGE=pyforge sh test.sh FOLDER-OF-THE-LIBRARY
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYFORGE_EXTENSION_PATH="$1" XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config"
cd "$work"
printf 'one\ntwo\n' > in.txt
test "$("$PYFORGE" sample lines in.txt)" = '2 in.txt'
"$PYFORGE" sample | grep -q 'Counts lines'
if "$PYFORGE" sample lines 2> err; then exit 1; fi
grep -q 'name one' err
"$PYFORGE" extensions check -q "$1/sample.so"
echo "sample: all good"
