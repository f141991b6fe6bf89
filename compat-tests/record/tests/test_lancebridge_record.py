"""Programs are recorded, and what is recorded replays."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import lancedb

from recorder import files, run

HERE = pathlib.Path(__file__).resolve().parent
CLIENT = {"0.14.0": "legacy", "0.40.0": "sync"}[lancedb.__version__]


def record(program, folder, **environment):
    """Runs a program and gives its scenario, its recording, and what was said about it."""
    done = subprocess.run(
        [
            sys.executable,
            "-B",
            "-m",
            "lancebridge_record",
            "--",
            HERE / "programs" / f"{program}.py",
            folder / "db",
        ],
        env={
            **os.environ,
            "PYTHONPATH": str(HERE.parent),
            "LANCEBRIDGE_RECORD_OUT": str(folder / "out"),
            **environment,
        },
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    name = f"{program}.json"
    scenario = files.read(folder / "out" / "scenarios" / "recorded" / name)
    recording = files.read(folder / "out" / "recordings" / run.FOLDERS[CLIENT] / "recorded" / name)
    return scenario, recording, done.stderr


class Programs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_an_everyday_program_replays(self):
        scenario, recording, said = record("everyday", self.folder)
        self.assertNotIn("unsupported", scenario)
        self.assertGreaterEqual(len(scenario["steps"]), 28)
        self.assertNotIn("not recorded", said)
        self.assertEqual(run.record(scenario, CLIENT), recording)

    def test_hidden_values_replay_and_are_hidden(self):
        scenario, recording, said = record("everyday", self.folder, LANCEBRIDGE_RECORD_HASH="1")
        self.assertNotIn("unsupported", scenario)
        text = files.layout(scenario) + files.layout(recording)
        for private in ("item 3", "it's new", "item 1"):
            self.assertNotIn(private, text)
        again = run.record(scenario, CLIENT)
        for step in again["steps"]:
            if "error" in step:
                step["error"]["message"] = "<hidden>"
        self.assertEqual(again, recording)

    def test_only_the_old_client_is_a_reference_for_rust_sync(self):
        scenario, _, _ = record("everyday", self.folder)
        clients = scenario.get("clients", run.EVERYBODY)
        self.assertEqual("rust-sync" in clients, CLIENT == "legacy")
        self.assertIn("rust-async", clients)

    def test_what_has_no_operation_is_listed(self):
        lancedb.connect(self.folder / "db").create_table("before", [{"id": 1, "s": "x"}])
        scenario, recording, said = record(
            "inexpressible", self.folder, LANCEBRIDGE_RECORD_MAX_ROWS="1000"
        )
        listed = {entry["call"]: entry["why"] for entry in scenario["unsupported"]}
        for call in (
            "the table before",
            "Connection.create_table",
            "Table.version",
            "Table.add",
            "Query.to_list",
        ):
            self.assertIn(call, listed)
            self.assertIn(f"not recorded: {call}", said)
        whys = {entry["why"] for entry in scenario["unsupported"]}
        self.assertIn("embedding functions are code", whys)
        self.assertIn("2000 rows are more than LANCEBRIDGE_RECORD_MAX_ROWS", whys)
        self.assertIn("they are recorded in the order in which they ended", whys)
        self.assertEqual(run.record(scenario, CLIENT), recording)


if __name__ == "__main__":
    unittest.main()
