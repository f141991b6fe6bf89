"""`python -m lancebridge_record -- script.py ARGUMENTS`."""

import os
import runpy
import sys

USAGE = "usage: python -m lancebridge_record -- script.py [ARGUMENTS]"


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if not arguments:
        sys.exit(USAGE)
    script = arguments[0]
    if not os.path.isfile(script):
        sys.exit(f"there is no {script}; {USAGE}")
    sys.argv = arguments
    # As `python script.py` does.
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    import lancebridge_record  # noqa: F401

    runpy.run_path(script, run_name="__main__")


main()
