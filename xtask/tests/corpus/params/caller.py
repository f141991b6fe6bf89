import lancedb

import library
from library import Job, count, many

DB = lancedb.connect("data/params")  #~ connect


def default_table(name="main", db=DB):
    return db.open_table(name)  #~ open_table


def lookup(vector, table=DB.open_table("main")):  #~ open_table
    return table.search(vector).limit(1).to_list()  #~ search, to_list


def recursive(db, names):
    if not names:
        return 0
    head, *tail = names
    return db.open_table(head).count_rows() + recursive(db, tail)  #~ open_table, count_rows


def make_pair():
    return DB.open_table("a"), [DB.open_table("b")]  #~ open_table, open_table


def main():
    main_table = default_table()
    print(count(main_table), many({"main": main_table}))
    opened = library.keyword_only(connection=DB, name="x")
    opened.delete("old")  #~ delete
    print(library.variadic(main_table, opened, extra=opened))
    print(library.fuse(opened, "words"), Job(conn=DB, name="y").run())
    print(recursive(DB, DB.table_names()))  #~ table_names
    one, (two,) = make_pair()
    print(one.schema, two.version)  #~ schema, version
    applied = library.apply(DB.open_table, "z")  #~ open_table
    print(applied.count_rows())  #~ count_rows
    nested = {"tables": [one, two], "db": DB}
    nested["tables"][0].add([{"id": 1}])  #~ add
    nested["db"].drop_table("z")  #~ drop_table


def outer(uri):
    inner_db = lancedb.connect(uri)  #~ connect

    def helper(name):
        return inner_db.open_table(name)  #~ open_table

    return helper("a").to_arrow(), (lambda n: inner_db[n])("b").head()  #~ to_arrow, inner_db, head
