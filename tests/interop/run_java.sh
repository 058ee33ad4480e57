#!/bin/sh
# Reads what write_types and write_nested.py write with parquet-java.    run_java.sh WRITE_TYPES PYTHON [WORK_FOLDER]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
work=${3:-$(mktemp -d)}
[ $# -ge 3 ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work/types" "$work/classes" "$work/jars"
[ -n "$(ls "$work/jars")" ] ||
    mvn -q -B -f "$here/java/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/jars"
javac -proc:none -nowarn -d "$work/classes" -cp "$work/jars/*" "$here"/java/src/main/java/org/pyforge/interop/*.java
"$2" "$here/write_nested.py" "$work/nested"
"$1" "$work/types"
java -cp "$work/classes:$work/jars/*" org.pyforge.interop.ReadTypes "$work/types" "$work/nested"
