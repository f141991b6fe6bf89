import atexit
import logging
import re

import lancedb

db = lancedb.connect("glossary-db")
terms = db.create_table(
    "terms",
    [{"short": "DB", "long": "database", "uses": 0}, {"short": "API", "long": "interface", "uses": 0}],
    mode="overwrite",
)
events = db.create_table("events", [{"level": "NOTSET", "text": ""}], mode="overwrite")


class TableHandler(logging.Handler):
    """Writes log records to a table."""

    def emit(self, record):
        events.add([{"level": record.levelname, "text": record.getMessage()}])


def expand(match):
    rows = terms.search().where(f"short = '{match.group()}'").to_list()
    if not rows:
        return match.group()
    terms.update(where=f"short = '{match.group()}'", values={"uses": rows[0]["uses"] + 1})
    return rows[0]["long"]


def uses(short):
    return terms.search().where(f"short = '{short}'").to_list()[0]["uses"]


@atexit.register
def goodbye():
    print("events:", events.count_rows())


log = logging.getLogger("glossary")
log.addHandler(TableHandler())
log.propagate = False

print(re.sub(r"[A-Z]{2,}", expand, "The DB has an API, and the DB is a DB. RTFM."))
log.warning("expanded %d terms", terms.count_rows())
print(sorted(["DB", "API"], key=uses))
log.error("done")
print([row["level"] for row in events.search().where("level <> 'NOTSET'").to_list()])
