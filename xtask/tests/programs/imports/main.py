import os.path

import facade
import tools

PATH = os.path.join("nested", "db")


def make():
    from lancedb import connect

    return connect(PATH).create_table("one", [{"x": 1}, {"x": 2}], mode="overwrite")


def make_other():
    import lancedb

    return lancedb.connect(PATH).create_table("two", [{"y": "z"}], mode="overwrite")


if __name__ == "__main__" and facade.available():
    one = make()
    make_other()
    print(facade.version(), tools.rows_of(PATH, "one"), tools.names(PATH))
    print(tools.is_table(one), tools.is_table(PATH))
