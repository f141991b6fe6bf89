import storage
from storage import get, put


def increment(key, by=1):
    put("counters", key, get("counters", key) + by)
    return get("counters", key)


def main():
    print(increment("visits"), increment("visits"), increment("errors", by=5))
    print(get("counters", "nothing"), get("counters", "nothing", default=-1))
    print(storage.get_db().table_names(), storage.db is not None)
    storage.reset()
    print(storage.db, get("counters", "visits"))
    storage.reset()


if __name__ == "__main__":
    main()
