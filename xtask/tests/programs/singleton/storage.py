import lancedb

PATH = "counters-db"

db = None
_tables = {}


def get_db():
    global db
    if db is None:
        db = lancedb.connect(PATH)
    return db


def get_table(name):
    if name not in _tables:
        _tables[name] = get_db().create_table(name, [{"key": "", "value": 0}], exist_ok=True)
    return _tables[name]


def get(name, key, default=0):
    rows = get_table(name).search().where(f"key = '{key}'").to_list()
    return rows[0]["value"] if rows else default


def put(name, key, value):
    if get(name, key, None) is None:
        get_table(name).add([{"key": key, "value": value}])
    else:
        get_table(name).update(where=f"key = '{key}'", values={"value": value})


def reset():
    global db
    for name in list(_tables):
        get_db().drop_table(name)
        del _tables[name]
    db = None
