"""Runs one scenario with one client and gives its recording."""

import asyncio
import importlib.metadata
import os
import shutil
import tempfile
import traceback
import warnings

from . import common, data, files, models, ops, redact
from .sync_client import SyncClient

FOLDERS = {"legacy": "legacy-0.14.0", "sync": "sync-0.40.0", "async": "async-0.40.0"}
NAMES = {"legacy": "legacy", "sync": "python-sync", "async": "python-async"}
EVERYBODY = ["legacy", "python-sync", "python-async", "rust-sync", "rust-async"]
PACKAGES = ["lancedb", "pylance", "pyarrow"]


class Mistake(Exception):
    """The scenario is wrong, whatever a client answers."""


def applies(scenario, client):
    return NAMES[client] in scenario.get("clients", EVERYBODY)


def is_reference(scenario, client):
    """Is this the client that the others are held against?"""
    clients = scenario.get("clients", EVERYBODY)
    return NAMES[client] == ("legacy" if "legacy" in clients else clients[0])


def record(scenario, client):
    """The recording of a scenario, a document of `recording.schema.json`."""
    root = os.path.realpath(tempfile.mkdtemp(prefix="scenario_"))
    before = os.getcwd(), os.environ.get("HOME")
    os.chdir(root)
    os.environ["HOME"] = root
    models.register()
    try:
        sets = {name: data.table(described) for name, described in scenario.get("data", {}).items()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            steps = perform(scenario["steps"], client, root, sets)
    finally:
        os.chdir(before[0])
        if before[1] is not None:
            os.environ["HOME"] = before[1]
        shutil.rmtree(root, ignore_errors=True)
    if is_reference(scenario, client):
        refuse_accidents(scenario, steps)
    return {
        "version": 1,
        "scenario": f"{scenario['area']}/{scenario['name']}",
        "client": FOLDERS[client],
        "made_with": {package: importlib.metadata.version(package) for package in PACKAGES},
        "digest": files.digest(scenario),
        "steps": steps,
    }


def perform(steps, client, root, sets):
    if client == "async":
        from .async_client import AsyncClient

        return asyncio.run(Run(AsyncClient(root, sets), root).all_async(steps))
    return Run(SyncClient(client == "legacy", root, sets), root).all(steps)


class Run:
    """The handles that the steps have made so far."""

    def __init__(self, client, root):
        self.client = client
        self.root = root
        self.handles = {}
        self.tokens = {}
        self.versions = {}

    def all(self, steps):
        # Not through a coroutine: the old client looks for a running event loop.
        recorded = []
        for step in steps:
            call, missing = self.call(step)
            recorded.append(missing or self.outcome(step, call))
        return recorded

    async def all_async(self, steps):
        recorded = []
        for step in steps:
            call, missing = self.call(step)
            if missing:
                recorded.append(missing)
                continue
            try:
                value = await call()
            except BaseException as problem:
                recorded.append(self.failed(step, problem))
            else:
                recorded.append(self.done(step, value))
        return recorded

    def call(self, step):
        """The call that performs a step, or its record when the handle is missing."""
        op = ops.OPS[step["op"]]
        handle = None
        if op.on:
            name = step.get("on", op.on)
            if name not in self.handles:
                return None, {"id": step["id"], "missing": name}
            handle = self.handles[name]
        if "page_of" in step:
            step = {**step, "page_token": self.tokens[step["page_of"]]}
        if "version_of" in step:
            step = {**step, "version": self.versions[step["version_of"]]}
        return lambda: getattr(self.client, step["op"])(handle, step), None

    def outcome(self, step, call):
        # lancedb 0.40 raises a `BaseException` when its Rust part panics.
        try:
            value = call()
        except BaseException as problem:
            return self.failed(step, problem)
        return self.done(step, value)

    def failed(self, step, problem):
        if isinstance(problem, (KeyboardInterrupt, SystemExit, Mistake)):
            raise problem
        if not is_of_client(problem):
            raise Mistake(f"step {step['id']}: the recorder fails") from problem
        return {"id": step["id"], "error": redact.error(problem, self.root)}

    def done(self, step, value):
        makes = ops.OPS[step["op"]].makes
        if makes and (makes != "q" or isinstance(value, common.Query)):
            self.handles[step.get("as", makes)] = value
            value = None
        if step["op"] == "mark":
            self.versions[step["id"]] = value
            value = None
        if step["op"] == "list_tables":
            token = value.pop("token")
            self.tokens[step["id"]] = token
            value["more"] = token is not None
        if isinstance(value, str):
            value = redact.redact(value, self.root)
        return {"id": step["id"], "result": value}


def is_of_client(problem):
    """Did the client raise it, or lack what was asked for? Else the recorder is to blame."""
    if isinstance(problem, (AttributeError, TypeError, ImportError)):
        return True
    while problem is not None:
        frames = traceback.extract_tb(problem.__traceback__)
        if any("lancedb/" in frame.filename or "lance/" in frame.filename for frame in frames):
            return True
        problem = problem.__cause__
    return False


def refuse_accidents(scenario, recorded):
    """The reference fails exactly where the scenario says so."""
    for step, outcome in zip(scenario["steps"], recorded):
        if "missing" in outcome:
            raise Mistake(f"step {step['id']}: nothing made the handle {outcome['missing']}")
        if ("error" in outcome) != (step.get("expect") == "error"):
            found = outcome.get("error", "no error")
            raise Mistake(f"step {step['id']}: {found}")
