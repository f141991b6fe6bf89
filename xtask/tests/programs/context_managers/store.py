import contextlib
import shutil
import tempfile

import lancedb


@contextlib.contextmanager
def scratch_db():
    folder = tempfile.mkdtemp()
    try:
        yield lancedb.connect(folder)
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def temporary_table(db, name, rows):
    table = db.create_table(name, rows)
    try:
        yield table
    finally:
        db.drop_table(name)


class Store:
    """Collects rows and writes them when the block ends without an error."""

    def __init__(self, db, name):
        self.db = db
        self.name = name
        self.pending = []
        self.table = None

    def __enter__(self):
        if self.name in self.db.table_names():
            self.table = self.db.open_table(self.name)
        return self

    def __exit__(self, kind, error, trace):
        if kind is None and self.pending:
            self.flush()
        return False

    def put(self, **row):
        self.pending.append(row)

    def flush(self):
        if self.table is None:
            self.table = self.db.create_table(self.name, self.pending)
        else:
            self.table.add(self.pending)
        self.pending = []

    def count(self):
        return 0 if self.table is None else self.table.count_rows()


def main():
    with scratch_db() as db:
        with Store(db, "planets") as store:
            store.put(name="Mars", moons=2)
            store.put(name="Venus", moons=0)
            print("in the block:", store.count())
        print("after the block:", store.count())

        try:
            with Store(db, "planets") as store:
                store.put(name="Pluto", moons=5)
                raise RuntimeError("not a planet")
        except RuntimeError as error:
            print("error:", error)
        print("still:", store.count())

        with temporary_table(db, "moons", [{"name": "Io"}, {"name": "Titan"}]) as moons, Store(db, "planets") as store:
            store.put(name="Saturn", moons=146)
            print(sorted(db.table_names()), moons.count_rows())
        print(sorted(db.table_names()), store.count())


main()
