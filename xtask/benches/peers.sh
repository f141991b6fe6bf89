#!/bin/sh
# Times migrate-check, ruff and a libcst codemod (bump-pydantic) on the same generated trees, in one run, and prints ratios.
# Needs cargo, python3, git, hyperfine and GNU time. Usage: [RUNS=10] xtask/benches/peers.sh [FILES] [FILES FOR THE CODEMOD]
set -eu
cd "$(dirname "$0")/../.."
files=${1:-20000}
few=${2:-2000}
runs=${RUNS:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --quiet --release --package xtask --bins --example bench_tree
target=${CARGO_TARGET_DIR:-target}
target=$(cd "$target" && pwd)
ours=$target/release/cargo-migrate-check
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet ruff bump-pydantic
ruff=$work/venv/bin/ruff
codemod=$work/venv/bin/bump-pydantic

# Both respect .gitignore, but ruff and git want a repository around it.
"$target/release/examples/bench_tree" "$work/tree" "$files"
"$target/release/examples/bench_tree" "$work/part" "$few"
git init --quiet "$work/tree"
git init --quiet "$work/part"
# The codemod knows no .gitignore.
rm -rf "$work/part/build"

# Fills ruff's cache and the operating system's.
cd "$work/tree"
"$ruff" check --quiet --select F401 --output-file /dev/null . || true
hyperfine --ignore-failure --runs "$runs" --export-json "$work/tree.json" \
    --command-name migrate-check "$ours . --output /dev/null" \
    --command-name 'ruff, no cache' "$ruff check --quiet --no-cache --select F401 --output-file /dev/null ." \
    --command-name 'ruff, warm cache' "$ruff check --quiet --select F401 --output-file /dev/null ."
cd "$work/part"
hyperfine --ignore-failure --runs "$runs" --export-json "$work/part.json" \
    --command-name migrate-check "$ours . --output /dev/null"
# Once: it takes minutes, and with --diff it changes nothing.
hyperfine --ignore-failure --runs 1 --export-json "$work/codemod.json" \
    --command-name bump-pydantic "$codemod --diff --disable BP002 . > /dev/null 2>&1"

cd "$work/tree"
peak() {
    env time -f '%M' -o "$work/peak" "$@" > /dev/null 2>&1 || true
    tail -n 1 "$work/peak"
}
ours_peak=$(peak "$ours" . --output /dev/null)
ruff_peak=$(peak "$ruff" check --quiet --no-cache --select F401 --output-file /dev/null .)

python3 - "$work" "$ours_peak" "$ruff_peak" "$files" "$few" <<'PYTHON'
import json, sys
work, ours_peak, ruff_peak, files, few = sys.argv[1:]
def load(name):
    return {run["command"]: run["median"] for run in json.load(open(f"{work}/{name}.json"))["results"]}
tree, part, codemod = load("tree"), load("part"), load("codemod")
print(f"\n| tool | files | median | time of the tool / migrate-check |\n|---|---|---|---|")
for name, seconds in tree.items():
    print(f"| {name} | {files} | {seconds:.2f} s | {seconds / tree['migrate-check']:.2f} |")
for name, seconds in {**part, **codemod}.items():
    print(f"| {name} | {few} | {seconds:.2f} s | {seconds / part['migrate-check']:.2f} |")
print(f"\nPeak memory on {files} files: migrate-check {int(ours_peak) // 1024} MB, ruff {int(ruff_peak) // 1024} MB")
PYTHON
