"""docs/benchmarks.md and the tables of the README, both made of docs/benchmarks.json, which keeps what was measured of each part."""
import json
import os
import platform
import subprocess
import time
from importlib.metadata import version

import inputs
from measure import PYFORGE

ROOT = inputs.BENCH.parent
STORE = ROOT / "docs" / "benchmarks.json"
TITLES = {"duckdb": "DuckDB", "polars": "Polars", "pyarrow": "pyarrow", "fastexcel": "fastexcel"}
HEADS = {"csv": "CSV to Parquet", "books": "Workbooks to Parquet", "extensions": "Extensions", "python": "Python: tables in memory"}
SAID = {
    "csv": "Beside DuckDB, Polars and pyarrow, with the same codec and number of threads.",
    "books": "Beside fastexcel, which makes Arrow of all sheets and writes nothing, and `polars.read_excel` with Parquet written; python-calamine, "
             "openpyxl and pandas only read. The books are made by `bench/generate_xlsx.c` and its siblings. A peer that takes longer than four "
             "seconds runs once (*).",
    "extensions": "Libraries that do nothing (`bench/extension.c`), beside none of them: differences of alternating runs, of which the median. Cached ones "
                  "are found and not opened; new ones are first loaded in a child process.",
    "python": "Each library in a process of its own, timed inside it after the imports, ours as well. `pyarrow.csv.read_csv` reads a memory map in blocks of "
              "16 MB with `newlines_in_values`, `polars.read_csv` parses dates, fastexcel loads eagerly: what is fastest. Streams are batches "
              "given by `__arrow_c_stream__` under `types=\"exact\"`, so the input is read twice."}
README = {"csv": ("4,000,000 rows × 12 columns (0.57 GB)", ("mixed",), lambda n: n.replace("mixed", "CSV", 1)),
          "books": ("Workbooks of 10,000,000 cells", ("XLSX 1 M × 10", "XLSX 10 sheets"), lambda n: n)}


def machine(packages):
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    ours = subprocess.run([PYFORGE, "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
    cc = subprocess.run(["cc", "--version"], stdout=subprocess.PIPE, text=True).stdout.splitlines()[0]
    return "; ".join([f"{os.cpu_count()} × {model}, Linux {platform.release()}, {cc}", ours, *(
        [", ".join(f"{p} {version(p)}" for p in packages)] if packages else []), time.strftime("%Y-%m-%d")])


SIZED = {"csv": "duckdb", "books": "polars"}  # whose files ours stand beside
PACKAGES = {"csv": ("duckdb", "polars", "pyarrow"), "books": ("fastexcel", "polars", "python-calamine", "openpyxl", "pandas"), "extensions": (),
            "python": ("pyarrow", "polars", "duckdb", "fastexcel", "pandas")}


def cell(row, tool):
    if tool not in row["medians"]:
        return "fails" if tool in row["lost"] else ""
    return f"{row['medians'][tool]:.2f} s" + ("*" if tool in row["once"] else "") + (" (differs)" if tool in row["wrong"] else "")


def races(rows, peers, sized):
    lines = ["| Case | pyforge | " + " | ".join(TITLES[p] for p in peers) + " | Ratio | Goal | At least | RSS MB (ours, best peer) |" +
             (f" Size MB (ours, {TITLES[sized]}) |" if sized else ""), "|---" * (6 + len(peers) + bool(sized)) + "|"]
    for r in rows:
        size = r["size_mb"]
        lines.append(f"| {r['name']} | **{cell(r, 'pyforge')}** | " + " | ".join(cell(r, p) for p in peers) +
                     f" | **{r['ratio']:.2f} ×** | ≤ {r['goal']:.2f} × | ≤ {r['least']:.2f} × | {r['rss_mb']['pyforge']:.0f}, "
                     f"{r['rss_mb'][r['best']]:.0f} |" + (f" {size['pyforge']:.1f}, {size.get(sized, 0):.1f} |" if sized else ""))
    return lines


def figures(rows):
    def bound(value):
        return "" if value is None else value if isinstance(value, str) else f"≤ {value}"
    return ["| Case | Measured | Goal | At least | |", "|---|---|---|---|---|"] + [
        f"| {s['name']} | **{s['value']:.2f} {s['unit']}** | {bound(s['goal'])} | {bound(s['least'])} | "
        f"{s['note']}{'; NOT RIGHT: ' + s['wrong'] if s['wrong'] else ''} |" for s in rows]


def page(store):
    lines = ["# Benchmarks", "", "Made by `make bench`; every output was read back and its sums compared with those of a peer's. Ours is timed "
             "from spawn to exit, of the peers only the conversion (no interpreter start, no imports). Seconds are medians of alternating "
             "runs; the ratio is to the fastest peer whose data is right. Exact whole-file types are included in our time."]
    for part, head in HEADS.items():
        lines += ["", f"## {head}", ""]
        if part not in store:
            lines += ["This part has not been run for this version yet."]
            continue
        rows, singles, peers = store[part]["races"], store[part]["figures"], store[part]["peers"]
        lines += [SAID[part], "", f"Machine: {store[part]['machine']}.", ""]
        lines += [*races(rows, peers, SIZED.get(part)), ""] if rows else []
        lines += figures(singles)
        notes = {f"{TITLES[t]}: {why}" for r in rows for t, why in r["lost"].items()}
        if notes:
            lines += ["", "Where a peer fails or differs:", ""] + [f"- {n}" for n in sorted(notes)]
    return "\n".join(lines) + "\n"


def readme_tables(store):
    for part, (title, wanted, short) in README.items():
        if part not in store:
            continue
        peers = store[part]["peers"]
        yield f"| {title} | pyforge | " + " | ".join(TITLES[p] for p in peers) + " |\n" + "|---" * (2 + len(peers)) + "|\n" + "\n".join(
            f"| {short(r['name'])} | **{cell(r, 'pyforge')}** | " + " | ".join(cell(r, p).replace("*", "") for p in peers) + " |"
            for r in store[part]["races"] if r["name"].startswith(wanted))


def fill_readme(store):
    """The rows that a reader of the README wants, between its two marks."""
    readme = ROOT / "README.md"
    head, rest = readme.read_text().split("<!-- benchmarks: begin", 1)
    mark, rest = rest.split("\n", 1)
    _, tail = rest.split("<!-- benchmarks: end -->", 1)
    readme.write_text(head + "<!-- benchmarks: begin" + mark + "\n" + "\n\n".join(readme_tables(store)) + "\n\n<!-- benchmarks: end -->" + tail)


def stored():
    return json.loads(STORE.read_text()) if STORE.exists() else {}


def publish(part, rows, singles, peers):
    """Keeps what was measured of a part and writes the pages anew; the other part's rows stay."""
    store = stored()
    store[part] = {"machine": machine(PACKAGES[part]), "peers": list(peers), "races": rows, "figures": singles}
    STORE.write_text(json.dumps(store, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    (ROOT / "docs" / "benchmarks.md").write_text(page(store))
    fill_readme(store)
