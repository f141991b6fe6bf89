"""All database imports of the project go through here."""

try:
    import lancedb as ldb
    from lancedb import connect as open_database
except ImportError:
    ldb = None
    open_database = None

from lancedb.table import LanceTable as Table  # noqa: F401


def available():
    return ldb is not None


def version():
    return ldb.__version__.split(".")[0]
