"""Runs a program and says what it did, without what differs from run to run."""

import os
import re
import shlex
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import environments

NOTEBOOK = Path(__file__).with_name("notebook.py")
TIME_LIMIT = 300

# Python only warns when a coroutine is dropped: the call did nothing.
DROPPED = re.compile(r"coroutine .* was never awaited")


class Outcome:
    """What a program printed, and what it said in passing."""

    def __init__(self, text: str, errors: str, codes: list[int]):
        self.text = text
        self.errors = errors
        self.codes = codes

    @property
    def dropped(self) -> list[str]:
        """Coroutines that nobody awaited."""
        return sorted(set(DROPPED.findall(self.errors)))

    def last_words(self) -> str:
        """The last line of the error output: of an uncaught exception, the exception."""
        lines = [line for line in self.errors.splitlines() if line.strip()]
        return lines[-1] if lines else ""


def run(entry: list[str], folder: Path, client: str) -> Outcome:
    """Runs the commands of `entry`, one after the other, in a copy of `folder` with the client of that version."""
    # Threads of the old client now and then bring the interpreter down while it exits; that is no answer of the program.
    attempts = 1 if client == environments.TARGET else 4
    for attempt in range(attempts):
        place = Path(shutil.copytree(folder, folder.with_name(f"{folder.name}.run{attempt}")))
        outcome = run_once(entry, place, environments.python(client))
        if all(code >= 0 for code in outcome.codes):
            break
    return outcome


def run_once(entry: list[str], folder: Path, python: Path) -> Outcome:
    """Runs the commands in `folder` itself."""
    texts, errors, codes = [], [], []
    for command in entry:
        text, error, code = run_one(shlex.split(command), folder, python)
        texts.append(text if len(entry) == 1 else f"$ {command}\n{text}")
        errors.append(error)
        codes.append(code)
        if code:
            texts.append(f"exit code {code}\n")
    return Outcome("".join(texts), "\n".join(errors), codes)


def run_one(words: list[str], folder: Path, python: Path) -> tuple[str, str, int]:
    """Runs one command; gives the text to compare, the error output, and the exit code."""
    kind, arguments = words[0], words[1:]
    environment = {
        "PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "COLUMNS": "100",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "LANCEDB_LOG": "off",
        "LANCE_LOG": "off",
    }
    report = folder / ".tests.xml"
    if kind == "python":
        command = [python, *arguments]
    elif kind == "notebook":
        command = [python, NOTEBOOK, *arguments]
    elif kind == "pytest":
        options = ["-p", "no:cacheprovider", "-o", "junit_logging=system-out", "-o", "junit_family=xunit1"]
        command = [python, "-m", "pytest", *arguments, *options, f"--junitxml={report}"]
    else:
        raise ValueError(f"unknown kind of entry: {kind}")
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=TIME_LIMIT
        )
    except subprocess.TimeoutExpired:
        return "", f"ran for more than {TIME_LIMIT} s", -1
    out, err = (stream.decode("utf-8", "replace").replace("\r\n", "\n") for stream in (done.stdout, done.stderr))
    if kind == "pytest":
        # pytest shows failures and warnings on standard output.
        return (tests_of(report) if report.is_file() else out), out + err, done.returncode
    if arguments[:2] == ["-m", "unittest"]:
        return out + unittest_lines(err), err, done.returncode
    return out, err, done.returncode


def tests_of(report: Path) -> str:
    """One line for each test of a JUnit report, what it printed below it, and the totals."""
    lines, totals = [], {}
    for case in ElementTree.parse(report).iter("testcase"):
        verdicts = {child.tag for child in case} & {"failure", "error", "skipped"}
        verdict = min(verdicts) if verdicts else "passed"
        totals[verdict] = totals.get(verdict, 0) + 1
        lines.append(f"{case.get('classname')}::{case.get('name')} {verdict}")
        for output in case.iter("system-out"):
            printed = (output.text or "").splitlines()
            lines += [f"    {line}" for line in printed if line.strip() and not re.fullmatch(r"-+ Captured .*-+", line)]
    report.unlink()
    lines += [f"{count} {verdict}" for verdict, count in sorted(totals.items())]
    return "\n".join(lines) + "\n"


def unittest_lines(errors: str) -> str:
    """The verdicts that `unittest -v` writes to the error output, without the time it took; warnings may stand between a test's
    name and its verdict."""
    name, lines = "", []
    for line in errors.splitlines():
        if match := re.match(r"(\w+ \([\w.]+\)) \.\.\. ", line):
            name = match.group(1)
        if name and (match := re.search(r"(?:^|\.\.\. )(ok|FAIL|ERROR|skipped .*)$", line)):
            lines.append(f"{name} ... {match.group(1)}")
            name = ""
        elif match := re.match(r"Ran \d+ tests?|(OK|FAILED)\b.*", line):
            lines.append(match.group())
    return "\n".join(lines) + "\n"
