try:
    import lancedb
    from lancedb.table import LanceTable
except ImportError:
    lancedb = None
    LanceTable = None

HAVE_LANCE = lancedb is not None


def require():
    if lancedb is None:
        raise RuntimeError("lancedb missing")
    return lancedb


def open_or_none(uri, name):
    if not HAVE_LANCE:
        return None
    db = require().connect(uri)  #~ connect
    if name in db:  #~ db
        return db[name]  #~ db
    return None


def is_lance(obj) -> bool:
    return LanceTable is not None and isinstance(obj, LanceTable)


def size(uri, name):
    table = open_or_none(uri, name)
    if table is None:
        return 0
    return len(table)  #~ len


def to_frame(obj):
    if isinstance(obj, LanceTable):
        return obj.to_pandas()  #~ to_pandas
    return obj
