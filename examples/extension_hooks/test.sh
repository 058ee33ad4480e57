# What the extension promises, with the program itself. Usage: PYFORGE=pyforge sh test.sh FOLDER-OF-THE-LIBRARY
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYFORGE_EXTENSION_PATH="$1" XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config"
cd "$work"
printf 'a\n1\n' > in.csv
mkdir archive
"$PYFORGE" convert in.csv -o archive/in.parquet --explain | grep -q 'compression *gzip *sample'
"$PYFORGE" convert in.csv -o archive/in.parquet --compression zstd --explain | grep -q 'compression *zstd *user'
"$PYFORGE" convert -q in.csv out.csv --log-level info 2> log
grep -q '1 rows written, 0 inputs failed' log
cp in.csv secret.csv
if "$PYFORGE" convert -q secret.csv no.csv 2> err; then exit 1; fi
grep -q "extension 'sample': secret files stay" err
test ! -e no.csv
"$PYFORGE" extensions check -q "$1/sample.so"
echo "sample: all good"
