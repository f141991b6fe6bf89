import logging

import lancedb

logging.basicConfig(level=logging.CRITICAL)
log = logging.getLogger("safe")


class MissingTable(LookupError):
    pass


def open_table(db, name):
    try:
        return db.open_table(name)
    except FileNotFoundError as error:
        log.error("no table %s: %s", name, error)
        raise MissingTable(name) from error


def ensure(db, name, rows):
    try:
        return db.create_table(name, rows), True
    except OSError:
        return db.open_table(name), False


def drop(db, name):
    try:
        db.drop_table(name)
    except (FileNotFoundError, PermissionError):
        return False
    else:
        return True


def count(db, name, where=None):
    try:
        table = open_table(db, name)
        n = table.count_rows(where)
    except MissingTable as missing:
        return f"{missing} is missing"
    except OSError:
        return "bad filter"
    finally:
        log.debug("counted")
    return n


def main():
    db = lancedb.connect("safe-db")
    print(count(db, "coins"))
    coins, new = ensure(db, "coins", [{"cents": 5}, {"cents": 20}])
    print(coins.name, new)
    print(ensure(db, "coins", [{"cents": 1}])[1])
    print(count(db, "coins"), count(db, "coins", "cents > 10"), count(db, "coins", "euros > 1"))
    try:
        coins.search().where("euros > 1").to_list()
    except ValueError:
        print("no euros")
    print(drop(db, "coins"), drop(db, "coins"))
    db.drop_table("coins", ignore_missing=True)
    try:
        open_table(db, "coins")
    except MissingTable as missing:
        print(type(missing.__cause__) is not None, missing)


if __name__ == "__main__":
    main()
