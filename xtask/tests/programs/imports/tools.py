from facade import *
import facade as f


def rows_of(path, name):
    return open_database(path).open_table(name).count_rows()


def names(path):
    return f.ldb.connect(path).table_names()


def is_table(thing):
    return isinstance(thing, Table)
