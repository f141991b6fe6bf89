"""Other codemods on the programs of `xtask/tests/programs`, next to `migrate-check --fix`: what changes, compiles and still runs.

    codemods.py --tool target/debug/xtask [--venv FOLDER] [--only NAME]

Each tool rewrites a copy of every program. A copy that changed is run with today's client (0.40.0) if the tool put it on the
asynchronous one, else with the client that the program is written for, and its output is compared with `expected.txt`.

`asyncify-codemod` rewrites sync calls of the standard library and of HTTP clients to async ones; `bump-pydantic` rewrites code for
pydantic 1 to pydantic 2. Neither knows the LanceDB client: what can be compared is the manner, not the subject.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "witness"))

import entry  # noqa: E402
import environments  # noqa: E402
import programs  # noqa: E402

PEERS = ["asyncify-codemod==0.5.0", "bump-pydantic==0.8.0"]


def commands(tool: Path, venv: Path, client: str) -> dict[str, list]:
    """The command of each tool, to be run in the folder that it rewrites."""
    ours = [tool, "migrate-check", "--from", client, "--to", environments.TARGET, "--fix", "--unsafe-fixes", "--allow-dirty", "."]
    return {
        "migrate-check": ours,
        "asyncify-codemod": [venv / "bin" / "asyncify-codemod", "."],
        "bump-pydantic": [venv / "bin" / "bump-pydantic", "."],
    }


def install(venv: Path) -> None:
    """Makes an environment with the peers."""
    if not (venv / "bin" / "bump-pydantic").exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin" / "pip", "install", "--quiet", *PEERS], check=True)


def source(folder: Path) -> dict[str, bytes]:
    """The contents of the Python files and notebooks: the tools also leave logs."""
    return {name: text for name, text in programs.snapshot(folder).items() if name.endswith((".py", ".ipynb"))}


def one(program: programs.Program, name: str, command: list, scratch: Path) -> dict:
    """Rewrites a copy of a program with one tool and runs it."""
    # A place for each tool: a run leaves its folder.
    place = scratch / name
    place.mkdir(exist_ok=True)
    folder = programs.copy(program, place)
    before = source(folder)
    start = time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=programs.TOOL_TIME_LIMIT)
    seconds = time.monotonic() - start
    after = source(folder)
    changed = [file for file in after if after[file] != before.get(file)]
    broken = programs.unparsable(after)
    is_async = any(b"connect_async" in after[file] for file in changed)
    runs = None
    if changed and not broken:
        client = environments.TARGET if is_async else program.client
        outcome = entry.run(program.entry, folder, client)
        runs = outcome.text == program.expected.read_text() and not outcome.dropped
    shutil.rmtree(folder)
    return {
        "seconds": seconds,
        "failed": done.returncode not in (0, 1),
        "changed": bool(changed),
        "async": is_async,
        "broken": len(broken),
        "runs": runs,
    }


def main() -> None:
    """Runs every tool on every program and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", type=Path, required=True, help="the built `xtask`")
    parser.add_argument("--venv", type=Path, help="an environment for the peers; made when it is not there")
    parser.add_argument("--only", action="append", metavar="NAME", help="this tool; repeatable")
    arguments = parser.parse_args()
    tool = arguments.tool.resolve(strict=True)
    scratch = Path(tempfile.mkdtemp(prefix="codemods-"))
    venv = (arguments.venv or scratch / "venv").absolute()
    install(venv)
    rows: dict[str, list[dict]] = {}
    try:
        for folder in sorted(path.parent for path in programs.PROGRAMS.glob("*/program.toml")):
            program = programs.load(folder)
            for name, command in commands(tool, venv, program.client).items():
                if not arguments.only or name in arguments.only:
                    row = one(program, name, [os.fspath(part) for part in command], scratch)
                    rows.setdefault(name, []).append(row)
                    print(f"{program.name:26} {name:18} {row}", file=sys.stderr)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print("| tool | programs changed | of these on the async client | same output as before | files that do not compile | tool fails | time |")
    print("|---|---|---|---|---|---|---|")
    for name, done in rows.items():
        changed = [row for row in done if row["changed"]]
        cells = [
            f"{len(changed)} of {len(done)}",
            sum(row["async"] for row in changed),
            sum(bool(row["runs"]) for row in changed),
            sum(row["broken"] for row in done),
            sum(row["failed"] for row in done),
            f"{sum(row['seconds'] for row in done):.1f} s",
        ]
        print(f"| {name} | {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
