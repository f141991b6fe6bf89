"""Finding and checking scenario files. `scenario.schema.json` says more; this needs no package."""

import pathlib

from . import files, ops

KEYS = set(
    "version name area about covers rows gotchas clients needs tolerance data steps checks differs "
    "unsupported".split()
)
OPTIONS = {"nulls", "nan", "low", "high", "length", "words", "items"}
COLUMN = {"name", "type", "nullable", "kind", "start", "step", "prefix", "values"} | OPTIONS


def paths(names):
    """Scenario files: those given, and those below the given folders."""
    for name in names:
        path = pathlib.Path(name)
        if path.is_dir():
            yield from (found for found in sorted(path.rglob("*.json")) if is_scenario(found))
        else:
            yield path


def is_scenario(path):
    """There may be schemas and recordings beside scenarios."""
    document = files.read(path)
    return isinstance(document, dict) and "steps" in document and "client" not in document


def check(scenario):
    """Refuses what FORMAT.md does not describe."""
    if scenario.get("version") != 1:
        raise ValueError("this is not version 1 of the format")
    known(scenario, KEYS, "a scenario")
    for name, described in scenario.get("data", {}).items():
        known(described, {"seed", "rows", "columns"}, f"the data set {name}")
        for column in described["columns"]:
            known(column, COLUMN, f"the column {column['name']}")
            while "items" in column:
                column = column["items"]
                known(column, OPTIONS, "items")
    for step in scenario["steps"]:
        ops.check(step)


def known(described, keys, what):
    unknown = set(described) - keys
    if unknown:
        raise ValueError(f"{what} has no {', '.join(sorted(unknown))}")
