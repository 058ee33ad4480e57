"""A folder of ugly files becomes Parquet; then one of them goes to another library. Usage: tour.py FOLDER OUTPUT_FOLDER"""
from __future__ import annotations

import sys
from typing import List

from pyforge_cli import Forge, Progress, PyforgeError, Result


def show(progress: Progress) -> None:
    if progress.fraction is not None:
        print(f"{progress.stage}: {progress.fraction:.0%}, {progress.rows} rows", file=sys.stderr)


def convert_folder(forge: Forge, folder: str, output: str) -> Result:
    result = forge.batch_convert(folder, output, workers=2, force=True, progress=show, on_bad_row="reject")
    for notice in result.warnings:
        print(f"{notice.table}: {notice.kind}, {notice.count} times")
    return result


def columns_of(forge: Forge, path: str) -> List[str]:
    try:
        return [f"{column.name} {column.type}" for table in forge.read(path).values() for column in table.schema]
    except PyforgeError as error:
        return [f"{error.name} in {error.where}: {error.hint}"]


def main() -> int:
    folder, output = sys.argv[1:]
    forge = Forge(threads=2)
    result = convert_folder(forge, folder, output)
    print(f"{result.rows_out} rows in {len(result.outputs)} files")
    for file in result.files:
        print(file["input"], *columns_of(forge, str(file["input"])), sep="\n  ")
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
