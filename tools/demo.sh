#!/bin/sh
# Converts the shipped samples and shows result, schema and first rows. Usage: demo.sh PROGRAM
set -eu
pyforge=$1
cd "$(dirname "$0")/.."
out=out/demo
mkdir -p "$out"
for sample in clean.csv messy.csv orders.csv.gz quarters.xlsx; do
    echo
    echo "== examples/samples/$sample"
    stem=${sample%%.*}
    case $sample in *.xlsx) target=$out/ ;; *) target=$out/$stem.parquet ;; esac
    echo "\$ pyforge convert examples/samples/$sample $target"
    "$pyforge" convert "examples/samples/$sample" "$target" --force
    echo "\$ pyforge info examples/samples/$sample"
    "$pyforge" info "examples/samples/$sample"
    echo "\$ pyforge head examples/samples/$sample -n 5"
    "$pyforge" head "examples/samples/$sample" -n 5
done
echo
echo "The Parquet files are in $out/. Next: $pyforge help convert"
