# pyforge: the targets a person needs; `make help` lists them. Meson does the building.
PREFIX  ?= /usr/local
DESTDIR ?=
JOBS    ?= $(shell nproc)
VENV    := .venv
MESON   := $(VENV)/bin/meson
# for Meson too, which else takes the system's when it configures again, and builds everything anew
export NINJA := $(abspath $(VENV)/bin/ninja)
PYTHON  := $(VENV)/bin/python

.DEFAULT_GOAL := all
.PHONY: all demo test test-python wheel options sanitize tsan fuzz faults kill interop interop-spark interop-books coverage tidy format bench install clean help setup

all: build/build.ninja ## build build/pyforge (release)
	@$(NINJA) -C build -j$(JOBS) --quiet

setup: ## install what is missing: system packages by name, Meson and test tools into .venv
	@tools/setup.sh

$(VENV)/ready: tools/setup.sh tools/requirements.txt
	@tools/setup.sh

# Not touched once it is there: ninja compares its age with that of the meson.build files.
build/build.ninja: | $(VENV)/ready
	@$(MESON) setup build -Dfaults=false >/dev/null

demo: all ## convert the shipped samples and show what came out
	@tools/demo.sh build/pyforge

test: all ## everything that checks the project; ends with "N passed, N failed"
	@$(PYTHON) tools/run_tests.py

test-python: ## the Python package, from the installed wheel, on every interpreter found
	@tools/setup.sh wheel
	@$(PYTHON) tools/run_python.py --all

wheel: ## the final wheels, for x86-64 and aarch64, and the sdist into dist/: made, audited, run
	@tools/setup.sh wheel
	@.wheel/bin/python tools/make_wheel.py --final dist

options: $(VENV)/ready ## python/pyforge_cli/_options.pyi anew from the option table
	@$(PYTHON) tools/run_python.py --options

sanitize: $(VENV)/ready ## the tests under ASan and UBSan (gcc)
	@$(PYTHON) tools/run_sanitized.py asan

tsan: $(VENV)/ready ## the threaded tests under TSan (clang)
	@$(PYTHON) tools/run_sanitized.py tsan

fuzz: $(VENV)/ready ## each fuzz target for FUZZ_SECONDS (default 600) under ASan and UBSan
	@$(PYTHON) tools/run_fuzz.py --seconds $(or $(FUZZ_SECONDS),600)

faults: all ## every system call and every allocation of a conversion fails in turn
	@build/tests/faults/sweep all

kill: all ## 200 conversions killed at random moments: the old file or nothing
	@$(PYTHON) tests/faults/kill.py build/pyforge 200

interop: all ## every Parquet type read back by pyarrow, DuckDB, Polars, fastparquet and parquet-java
	@$(PYTHON) tools/run_interop.py

interop-spark: all ## the same file of all types read by pyspark 3.2.1, 3.5 and the newest
	@$(PYTHON) tools/run_interop.py --spark

interop-books: all ## workbooks that LibreOffice reads and writes again have the same cells
	@$(PYTHON) tools/run_interop.py --books

coverage: $(VENV)/ready ## line coverage of src/ by the tests
	@$(PYTHON) tools/run_coverage.py

tidy: $(VENV)/ready ## clang-format and clang-tidy, no findings allowed
	@$(PYTHON) tools/run_tidy.py

format: ## lay all C files out by .clang-format
	@git ls-files '*.c' '*.h' '*.cc' | xargs clang-format -i

bench: all ## side by side with the fastest peers of each format; writes docs/benchmarks.md
	@tools/setup.sh bench
	@tools/setup.sh wheel
	@.wheel/bin/python tools/make_wheel.py --program
	@.peers/bin/python bench/run.py

install: all ## headers, libraries, pyforge.pc, man page, completions: PREFIX= DESTDIR=
	@$(MESON) configure build --prefix=$(abspath $(PREFIX)) >/dev/null
	@DESTDIR=$(DESTDIR) $(MESON) install -C build --quiet

clean: ## remove all build folders
	@rm -rf build build-*

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'
