"""What has been recorded so far, and how it is written."""

import atexit
import importlib.metadata
import os
import pathlib
import re
import sys
import threading

from recorder import files, redact

from . import hiding, known

CLIENTS = {"0.14.0": ("legacy", "legacy-0.14.0"), "0.40.0": ("python-sync", "sync-0.40.0")}
EVERYBODY = ["legacy", "python-sync", "python-async", "rust-sync", "rust-async"]
PACKAGES = ["lancedb", "pylance", "pyarrow"]


def start():
    """The session of this process, or None for a client that it does not know."""
    version = importlib.metadata.version("lancedb")
    if version not in CLIENTS:
        known = " and ".join(CLIENTS)
        print(
            f"lancebridge_record: lancedb {version} is not recorded, only {known}", file=sys.stderr
        )
        return None
    session = Session(version)
    atexit.register(session.write)
    return session


class Session:
    def __init__(self, version):
        self.client, self.folder = CLIENTS[version]
        self.lock = threading.RLock()
        self.steps = []
        self.outcomes = []
        self.data = {}
        self.unsupported = []
        self.threads = set()
        self.roots = []
        self.needs = set()
        self.known = known.Known()
        self.max_rows = int(os.environ.get("LANCEBRIDGE_RECORD_MAX_ROWS", "10000"))
        wish = os.environ.get("LANCEBRIDGE_RECORD_HASH", "")
        self.hide = hiding.Hiding() if wish not in ("", "0") else None
        self.out = pathlib.Path(
            os.environ.get("LANCEBRIDGE_RECORD_OUT", "lancebridge-recording")
        ).absolute()

    @property
    def is_legacy(self):
        return self.client == "legacy"

    def root(self, uri):
        """The name below `<root>` of a folder that the program connects to."""
        path = os.path.realpath(os.path.expanduser(uri))
        if path not in self.roots:
            self.roots.append(path)
        at = self.roots.index(path)
        return "db" if at == 0 else f"db{at + 1}"

    def text(self, text):
        # Longer ones first: one folder may be in another one.
        for path in sorted(self.roots, key=len, reverse=True):
            text = text.replace(path, f"<root>/{self.root(path)}")
        return redact.redact(text)

    def add_data(self, described, hint):
        """The name of a data set; equal ones have one name."""
        for name, other in self.data.items():
            if other == described:
                return name
        base = re.sub(r"[^a-z0-9_]", "_", hint.lower()).strip("_") or "rows"
        base = base if base[0].isalpha() else f"rows_{base}"
        name, number = base, 1
        while name in self.data:
            number += 1
            name = f"{base}_{number}"
        self.data[name] = described
        return name

    def add(self, step, *, result=None, problem=None):
        """One step and its outcome."""
        with self.lock:
            self.threads.add(threading.get_ident())
            number = sum(1 for known in self.steps if known["op"] == step["op"]) + 1
            name = step["op"] if number == 1 else f"{step['op']}_{number}"
            outcome = {"id": name}
            if problem is None:
                outcome["result"] = self.text(result) if isinstance(result, str) else result
            else:
                step = {**step, "expect": "error"}
                error = redact.error(problem)
                message = "<hidden>" if self.hide else self.text(str(problem))
                outcome["error"] = {"class": error["class"], "message": message}
            self.steps.append({"id": name, **step})
            self.outcomes.append(outcome)

    def refuse(self, call, why):
        """A call that no step stands for."""
        with self.lock:
            entry = {"call": call, "why": str(why)}
            if entry not in self.unsupported:
                self.unsupported.append(entry)

    def name(self):
        given = os.environ.get("LANCEBRIDGE_RECORD_NAME")
        name = given or pathlib.Path(sys.argv[0] or "session").stem
        name = re.sub(r"[^a-z0-9_]", "_", name.lower()).strip("_") or "session"
        return name if name[0].isalpha() else f"s_{name}"

    def write(self):
        if len(self.threads) > 1:
            self.refuse(
                "calls from several threads", "they are recorded in the order in which they ended"
            )
        for entry in self.unsupported:
            print(
                f"lancebridge_record: not recorded: {entry['call']}: {entry['why']}",
                file=sys.stderr,
            )
        if not self.steps:
            print("lancebridge_record: no calls were recorded", file=sys.stderr)
            return
        name = self.name()
        scenario = {
            "version": 1,
            "name": name,
            "area": "recorded",
            "about": f"Recorded from {name}.",
        }
        if not self.is_legacy:
            # rust-sync stands for the old client, whose answers this is no record of.
            scenario["clients"] = [name for name in EVERYBODY[1:] if name != "rust-sync"]
        if self.needs:
            scenario["needs"] = sorted(self.needs)
        if self.data:
            scenario["data"] = self.data
        scenario["steps"] = self.steps
        if self.unsupported:
            scenario["unsupported"] = self.unsupported
        recording = {
            "version": 1,
            "scenario": f"recorded/{name}",
            "client": self.folder,
            "made_with": {package: importlib.metadata.version(package) for package in PACKAGES},
            "digest": files.digest(scenario),
            "steps": self.outcomes,
        }
        path = self.out / "scenarios" / "recorded" / f"{name}.json"
        files.write(path, scenario)
        files.write(self.out / "recordings" / self.folder / "recorded" / f"{name}.json", recording)
        count = f"{len(self.steps)} calls recorded, {len(self.unsupported)} not"
        print(f"lancebridge_record: {path}: {count}", file=sys.stderr)
