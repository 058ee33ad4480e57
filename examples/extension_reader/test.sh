# What the extension promises, with the program itself. Usage: PYFORGE=pyforge sh test.sh FOLDER-OF-THE-LIBRARY
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYFORGE_EXTENSION_PATH="$1" XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config"
cd "$work"
printf 'first\n\nlast' > in.sample
"$PYFORGE" list-extensions | grep -q 'sample .*\[OK\] Loaded'
"$PYFORGE" convert -q in.sample all.csv
printf 'number,text\n1,first\n2,""\n3,last\n' | diff - all.csv
"$PYFORGE" convert -q --sample-skip-blank in.sample some.csv
printf 'number,text\n1,first\n3,last\n' | diff - some.csv
"$PYFORGE" extensions check -q "$1/sample.so" in.sample
echo "sample: all good"
