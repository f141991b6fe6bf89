"""Whole programs as proof of `migrate-check --fix`: what they print before and after must be the same.

    programs.py record                         run the originals with the sync client, write expected.txt
    programs.py check                          run the originals, compare with expected.txt
    programs.py converted --tool target/debug/xtask
                                               rewrite copies, run them with the async client, compare with expected.txt

A program is a folder in `xtask/tests/programs/` with a `program.toml`:

    about = "what it is, in a line"
    client = "0.14.0"                          the sync client it is written for
    entry = "python main.py"                   a command or a list of them: `python …`, `pytest …`, `notebook FILE`
    packages = ["pytest"]                      what it needs beside the client (see environments.py)
    refused = ["words", "more words"]          only when it cannot be converted as a whole: what the tool must say
    not_yet = "why"                            only while the tool falls short of it; the key goes when the program is right
"""

import argparse
import ast
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

import entry
import environments

PROGRAMS = Path(__file__).parents[1] / "tests" / "programs"
KEYS = {"about", "client", "entry", "not_yet", "packages", "refused"}
NOT_COPIED = shutil.ignore_patterns("program.toml", "expected.txt", "__pycache__")
TOOL_TIME_LIMIT = 120


@dataclass
class Program:
    """A folder with a program and what is known of it."""

    folder: Path
    client: str
    entry: list[str]
    refused: list[str]
    not_yet: str

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.name

    @property
    def expected(self) -> Path:
        """The recorded output."""
        return self.folder / "expected.txt"


def load(folder: Path) -> Program:
    """Reads `program.toml`."""
    with open(folder / "program.toml", "rb") as file:
        facts = tomllib.load(file)
    unknown = set(facts) - KEYS | set(facts.get("packages", [])) - set(environments.PACKAGES)
    if unknown or facts["client"] not in environments.CLIENTS:
        raise SystemExit(f"{folder.name}/program.toml: unknown {', '.join(sorted(unknown)) or facts['client']}")
    commands = facts["entry"]
    return Program(folder, facts["client"], [commands] if isinstance(commands, str) else commands, facts.get("refused", []), facts.get("not_yet", ""))


@dataclass
class Verdict:
    """What became of one program."""

    name: str
    word: str
    good: bool
    reasons: list[str] = field(default_factory=list)
    detail: str = ""


def copy(program: Program, scratch: Path) -> Path:
    """Copies a program's files to a folder of their own."""
    return Path(shutil.copytree(program.folder, scratch / program.name, ignore=NOT_COPIED))


def difference(expected: str, found: str) -> str:
    """The lines that differ."""
    return "".join(unified_diff(expected.splitlines(True), found.splitlines(True), "expected", "found"))


def record(program: Program, scratch: Path, _: argparse.Namespace) -> Verdict:
    """Runs the original and writes what it printed."""
    outcome = entry.run(program.entry, copy(program, scratch), program.client)
    crashed = "Traceback (most recent call last)" in outcome.errors
    if crashed or min(outcome.codes) < 0 or not outcome.text.strip():
        return Verdict(program.name, "failed", False, [outcome.last_words()], outcome.text + outcome.errors)
    before = program.expected.read_text() if program.expected.is_file() else ""
    program.expected.write_text(outcome.text)
    return Verdict(program.name, "unchanged" if before == outcome.text else "recorded", True)


def check(program: Program, scratch: Path, _: argparse.Namespace) -> Verdict:
    """Runs the original and compares."""
    outcome = entry.run(program.entry, copy(program, scratch), program.client)
    text = difference(program.expected.read_text(), outcome.text)
    return Verdict(program.name, "differs" if text else "same", not text, [outcome.last_words()] if text else [], text)


def snapshot(folder: Path) -> dict[str, bytes]:
    """The contents of all source files."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(files)}


def unparsable(files: dict[str, bytes]) -> list[str]:
    """Python files and notebook cells that do not compile."""
    broken = []
    for name, content in files.items():
        sources = []
        if name.endswith(".py"):
            sources = [(content, 0)]
        elif name.endswith(".ipynb"):
            cells = json.loads(content)["cells"]
            texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
            plain = ("\n".join("" if line.startswith(("%", "!")) else line for line in text.split("\n")) for text in texts)
            sources = [(text, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT) for text in plain]
        for source, flags in sources:
            try:
                compile(source, name, "exec", flags=flags, dont_inherit=True)
            except SyntaxError as error:
                broken.append(f"{name}:{error.lineno}: {error.msg}")
    return broken


def migrate(tool: Path, folder: Path, program: Program, *options: str) -> subprocess.CompletedProcess:
    """Runs `migrate-check` on a copy."""
    command = [tool, "migrate-check", "--from", program.client, "--to", environments.TARGET, *options, "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TOOL_TIME_LIMIT)


def converted(program: Program, scratch: Path, arguments: argparse.Namespace) -> Verdict:
    """Rewrites a copy, twice, runs it, and compares."""
    folder = copy(program, scratch)
    git = ["git", "-c", "user.name=programs", "-c", "user.email=programs@localhost", "-c", "core.autocrlf=false"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "original"]):
        subprocess.run([*git, *words], cwd=folder, check=True, capture_output=True)
    original = snapshot(folder)
    first = migrate(arguments.tool, folder, program, "--fix", "--unsafe-fixes", "--allow-dirty")
    once = snapshot(folder)
    said = first.stdout + first.stderr
    if first.returncode not in (0, 1):
        return Verdict(program.name, "tool failed", False, [f"exit code {first.returncode}: {said.strip()[-200:]}"], said)
    if broken := unparsable(once):
        return Verdict(program.name, "does not parse", False, broken, said)
    migrate(arguments.tool, folder, program, "--fix", "--unsafe-fixes", "--allow-dirty")
    twice = snapshot(folder)
    left = json.loads(migrate(arguments.tool, folder, program, "--format", "json").stdout)
    places = [f for f in left["findings"] if f["effect"] != "none"]

    changed = sorted(name for name in once if once[name] != original.get(name))
    state = "left whole" if not changed else "converted in part" if places else "converted whole"
    # What was not touched still is a program for the old client.
    client = environments.TARGET if changed else program.client
    outcome = entry.run(program.entry, folder, client)
    text = difference(program.expected.read_text(), outcome.text)

    reasons = [f"left: {f['path']}:{f['line']} {f['symbol']}" for f in places[:3]] if not program.refused else []
    if twice != once:
        reasons.insert(0, "a second run changes more")
    reasons += [f"nothing said of {words!r}" for words in program.refused if words not in said]
    reasons += outcome.dropped
    if text:
        reasons.append(outcome.last_words())
    wanted = state != "converted whole" if program.refused else state == "converted whole"
    good = wanted and twice == once and not outcome.dropped and not text and not reasons
    if program.not_yet:
        reasons = ["it is right: take `not_yet` out of its program.toml"] if good else [f"not yet: {program.not_yet}"]
        good = not good
    word = "fails" if text and outcome.errors else "differs" if text else state
    if text and state != "converted whole":
        word += f" ({state})"
    return Verdict(program.name, word, good, reasons, said + text + (outcome.errors if text else ""))


def main() -> int:
    """Reads the command line, runs the programs, prints a table and the totals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["record", "check", "converted"])
    parser.add_argument("--tool", type=Path, help="the built `xtask` or `cargo-migrate-check`; for `converted`")
    parser.add_argument("--only", action="append", metavar="NAME", help="this program; repeatable")
    parser.add_argument("--keep", action="store_true", help="keep the copies, and say where they are")
    parser.add_argument("--verbose", action="store_true", help="for each program that is not right: what was said, and the difference")
    parser.add_argument("--if-available", action="store_true", help="where the clients cannot be installed, say so and run nothing")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    if arguments.mode == "converted":
        if arguments.tool is None:
            parser.error("converted needs --tool")
        arguments.tool = arguments.tool.resolve(strict=True)

    folders = sorted(path.parent for path in PROGRAMS.glob("*/program.toml"))
    if arguments.only:
        folders = [folder for folder in folders if folder.name in arguments.only]
        if missing := set(arguments.only) - {folder.name for folder in folders}:
            parser.error(f"no program {', '.join(sorted(missing))}")
    programs = [load(folder) for folder in folders]
    try:
        for client in {program.client for program in programs} | {environments.TARGET}:
            environments.python(client)
    except (OSError, subprocess.CalledProcessError) as error:
        if not arguments.if_available:
            raise
        print(f"not run, the clients are not available: {error}")
        return 0

    scratch = Path(tempfile.mkdtemp(prefix="programs-"))
    act = {"record": record, "check": check, "converted": converted}[arguments.mode]
    try:
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            verdicts = list(pool.map(lambda program: act(program, scratch, arguments), programs))
    finally:
        if arguments.keep:
            print(f"copies: {scratch}", file=sys.stderr)
        else:
            shutil.rmtree(scratch, ignore_errors=True)
    return show(verdicts, {program.name for program in programs if program.refused}, arguments.verbose)


def show(verdicts: list[Verdict], refused: set[str], verbose: bool) -> int:
    """Prints the table and the totals; the exit code is 1 when a program is not right."""
    width = max((len(v.name) for v in verdicts), default=0)
    for verdict in verdicts:
        mark = "ok  " if verdict.good else "FAIL"
        note = " (to be refused)" if verdict.name in refused else ""
        print(f"{mark} {verdict.name:{width}}  {verdict.word}{note}")
        for reason in verdict.reasons:
            print(f"     {'':{width}}    {reason}")
        if verbose and not verdict.good:
            print("".join(f"     | {line}\n" for line in verdict.detail.splitlines()), end="")
    totals: dict[str, int] = {}
    for verdict in verdicts:
        totals[verdict.word] = totals.get(verdict.word, 0) + 1
    right = sum(verdict.good for verdict in verdicts)
    print(f"\n{right} of {len(verdicts)} programs are right: " + ", ".join(f"{n} {word}" for word, n in sorted(totals.items())))
    return 0 if right == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
