"""What the recorder does without a scenario: data, digests, redaction."""

import pathlib
import unittest

import pyarrow as pa

from recorder import arrow_types, canonical, data, files, generator, ops, redact, scenario

SCENARIOS = pathlib.Path(__file__).resolve().parents[2] / "scenarios"


class Generator(unittest.TestCase):
    def test_vectors(self):
        expected = files.read(SCENARIOS / "generator.json")
        plain = generator.Stream(expected["splitmix64"]["state"])
        for draw in expected["splitmix64"]["draws"]:
            self.assertEqual(format(plain.draw(), "016x"), draw)
        for stream in expected["streams"]:
            made = generator.column_stream(stream["seed"], stream["name"])
            self.assertEqual(
                [format(made.draw(), "016x") for _ in stream["draws"]], stream["draws"]
            )
        for column in expected["columns"]:
            made = generator.column_values(column["seed"], column["rows"], column["column"])
            self.assertEqual(made, column["values"])

    def test_columns_become_arrow_and_back(self):
        for column in files.read(SCENARIOS / "generator.json")["columns"]:
            described = {
                "seed": column["seed"],
                "rows": column["rows"],
                "columns": [column["column"]],
            }
            table = data.table(described)
            self.assertEqual(arrow_types.text(table.schema[0].type), column["column"]["type"])
            values = [canonical.scalar(value) for value in table[0]]
            if not column["column"]["type"].startswith("struct"):
                self.assertEqual(values, column["values"])


class Files(unittest.TestCase):
    def test_digest(self):
        text = files.hashed({"b": [1, 2.5, "ü", None, True], "a": -1})
        self.assertEqual(text, '{"61":-1,"62":[1,f4004000000000000,"c3bc",null,true]}')

    def test_every_schema_knows_the_same_operations(self):
        schema = files.read(SCENARIOS / "scenario.schema.json")
        step = schema["$defs"]["step"]
        self.assertEqual(step["properties"]["op"]["enum"], list(ops.OPS))
        for clause in step["allOf"]:
            operation = ops.OPS[clause["if"]["properties"]["op"]["const"]]
            named = set(clause["then"]["properties"]) - ops.COMMON
            self.assertEqual(named, set(operation.arguments), clause["if"])
        builds = [next(iter(build["properties"])) for build in schema["$defs"]["build"]["anyOf"]]
        self.assertEqual(builds, list(ops.BUILD))


class Scenarios(unittest.TestCase):
    def test_unknown_keys_are_refused(self):
        step = {"id": "a", "op": "count_rows"}
        good = {"version": 1, "name": "x", "area": "x", "about": "x", "steps": [step]}
        scenario.check(good)
        column = {"name": "id", "type": "int64"}
        for wrong in (
            {"versions": 1},
            {"version": 2},
            {"data": {"rows": {"columns": [{**column, "kinds": "x"}]}}},
            {"data": {"rows": {"columns": [{**column, "items": {"lows": 1}}]}}},
            {"steps": [{**step, "filter": "x"}]},
            {"steps": [{"id": "a", "op": "fly"}]},
            {"steps": [{"id": "a", "op": "search", "build": [{"limits": 1}]}]},
        ):
            with self.assertRaises(ValueError, msg=str(wrong)):
                scenario.check({**good, **wrong})

    def test_folders_hold_more_than_scenarios(self):
        found = [path.name for path in scenario.paths([SCENARIOS])]
        self.assertGreater(len(found), 150)
        self.assertNotIn("scenario.schema.json", found)
        self.assertNotIn("generator.json", found)


class Redact(unittest.TestCase):
    def test_what_varies(self):
        text = redact.redact(
            "LanceError(IO): at /tmp/s/db/t.lance, /home/x/.cargo/lance/src/dataset.rs:12:3, "
            "id 0b1c2d3e-0000-4000-8000-0123456789ab, object 0x7f00aa",
            "/tmp/s",
        )
        expected = "LanceError(IO): at <root>/db/t.lance, <source>, id <uuid>, object <address>"
        self.assertEqual(text, expected)


class Canonical(unittest.TestCase):
    def test_rows_of_equal_rank_are_sorted(self):
        table = pa.table({"id": [3, 1, 2], "_distance": pa.array([0.5, 0.5, 1.0], pa.float32())})
        answer = canonical.table(table, "ranked")
        self.assertEqual(answer["rows"], [[1, 0.5], [3, 0.5], [2, 1.0]])
        self.assertEqual(canonical.table(table.select(["id"]), "ranked")["order"], "exact")

    def test_numbers(self):
        self.assertEqual(canonical.scalar(pa.scalar(0.1, pa.float32())), 0.1)
        self.assertEqual(canonical.scalar(pa.scalar(float("nan"), pa.float64())), "NaN")
        self.assertEqual(canonical.scalar(pa.scalar(2**63 + 1, pa.uint64())), 2**63 + 1)


if __name__ == "__main__":
    unittest.main()
