#!/bin/sh
# Reads what write_types writes with parquet-java.    run_java.sh WRITE_TYPES [WORK_FOLDER]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
work=${2:-$(mktemp -d)}
[ $# -ge 2 ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work/types" "$work/classes" "$work/jars"
[ -n "$(ls "$work/jars")" ] ||
    mvn -q -B -f "$here/java/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/jars"
javac -proc:none -nowarn -d "$work/classes" -cp "$work/jars/*" "$here/java/src/main/java/org/pyforge/interop/ReadTypes.java"
"$1" "$work/types"
java -cp "$work/classes:$work/jars/*" org.pyforge.interop.ReadTypes "$work/types"
