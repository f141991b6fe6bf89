#!/usr/bin/env python3
"""Records what a real LanceDB client answers to scenarios.

    python record.py SCENARIO… --client legacy|sync|async --out DIR

SCENARIO is a file or a folder of files as `scenarios/FORMAT.md` describes them; the recordings are
`DIR/CLIENT-VERSION/AREA/NAME.json`. The Python that runs this must have the client: lancedb 0.14.0
for `legacy`, 0.40.0 for the others (`cargo xtask record` makes such Pythons). Exit codes: 0
recorded; 1 a scenario is wrong; 2 wrong usage.
"""

import argparse
import os
import pathlib
import sys
import traceback

# Read by the Rust part of the client when it is loaded.
for variable in ("RUST_LOG", "LANCE_LOG", "LANCEDB_LOG"):
    os.environ.setdefault(variable, "error")
# Panics of the client are answers; where they come from says nothing here.
os.environ["RUST_BACKTRACE"] = "0"

VERSIONS = {"legacy": "0.14.0", "sync": "0.40.0", "async": "0.40.0"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenarios", nargs="+", metavar="SCENARIO")
    parser.add_argument("--client", choices=VERSIONS, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="DIR")
    args = parser.parse_args()

    import lancedb

    version = VERSIONS[args.client]
    if lancedb.__version__ != version:
        found = lancedb.__version__
        parser.error(f"--client {args.client} needs lancedb=={version}, found {found}")
    from recorder import files, run
    from recorder import scenario as scenarios

    wrong = 0
    for path in scenarios.paths(args.scenarios):
        scenario = files.read(path)
        if not run.applies(scenario, args.client):
            continue
        try:
            scenarios.check(scenario)
            recording = run.record(scenario, args.client)
        except (run.Mistake, ValueError, KeyError, TypeError) as problem:
            wrong += 1
            if not isinstance(problem, run.Mistake):
                traceback.print_exc()
            print(f"{path}: {problem}", file=sys.stderr)
            continue
        name = f"{scenario['name']}.json"
        files.write(args.out / run.FOLDERS[args.client] / scenario["area"] / name, recording)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
