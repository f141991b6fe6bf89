"""Records the LanceDB calls of your own program, as a scenario and what your client answered to it.

    import lancebridge_record   # before your own code

or, without a change to it,

    python -m lancebridge_record -- script.py ARGUMENTS

with `compat-tests/record` on PYTHONPATH, lancedb 0.14.0 or 0.40.0, and its synchronous client. At
exit two files are written: `lancebridge-recording/scenarios/recorded/NAME.json`, which
`scenarios/FORMAT.md` describes, and below `lancebridge-recording/recordings/` the answers. The
program runs as it did; nothing it does is changed or held back.

What cannot be expressed as an operation is listed in the scenario's `unsupported` and on standard
error: embedding functions of your own, objects that LanceDB hands out (`to_lance()`), data that
are too large, whatever follows from these. Plain attributes (`table.name` of 0.14.0) are no calls.

Environment:

LANCEBRIDGE_RECORD_OUT       the folder to write to [lancebridge-recording]
LANCEBRIDGE_RECORD_NAME      the name of the scenario [that of the script]
LANCEBRIDGE_RECORD_MAX_ROWS  rows of one data set or answer [10000]
LANCEBRIDGE_RECORD_HASH      1: values are replaced, so that equal ones stay equal; `hiding.py` says
                             what that keeps and what not
"""

import os
import pathlib
import sys

# The packages of the recorder lie beside this one.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
for variable in ("RUST_LOG", "LANCE_LOG", "LANCEDB_LOG"):
    os.environ.setdefault(variable, "error")

from . import session, wrap  # noqa: E402

SESSION = session.start()
if SESSION is not None:
    wrap.install(SESSION)
