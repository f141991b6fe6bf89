from functools import lru_cache

import lancedb


@lru_cache
def get_db():
    return lancedb.connect("cached-db")


@lru_cache(maxsize=8)
def get_table(name):
    print("opening", name)
    return get_db().create_table(name, [{"n": 1}], exist_ok=True)


def bump(name):
    table = get_table(name)
    table.add([{"n": table.count_rows() + 1}])
    return table.count_rows()


if __name__ == "__main__":
    print(bump("a"), bump("a"), bump("b"))
    print(get_table("a") is get_table("a"), get_table.cache_info().misses)
    print(get_db().table_names())
