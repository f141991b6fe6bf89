from functools import lru_cache

import lancedb

from helpers import CALLS, JOBS, job, retry, timed

failures = iter([True, False])


@lru_cache(maxsize=None)
def normalise(word):
    return word.strip().lower()


def connect():
    return lancedb.connect("jobs-db")


@timed
def load(words):
    rows = [{"word": normalise(word)} for word in words]
    return connect().create_table("words", rows, mode="overwrite").count_rows()


@retry(times=3, on=RuntimeError)
def flaky_count():
    if next(failures):
        raise RuntimeError("not yet")
    return connect().open_table("words").count_rows()


@job("dedupe")
@timed
def dedupe():
    table = connect().open_table("words")
    seen = sorted({row["word"] for row in table.to_arrow().to_pylist()})
    table = connect().create_table("words", [{"word": word} for word in seen], mode="overwrite")
    return len(table)


@job("longest")
def longest():
    rows = connect().open_table("words").search().limit(None).to_list()
    return max((row["word"] for row in rows), key=len)


def main():
    print("loaded", load(["Fig ", "fig", "Apricot", "PEAR", "pear"]))
    print("counted", flaky_count())
    for name, function in sorted(JOBS.items()):
        print(name, function())
    print(load.__doc__, dedupe.__name__)
    print(CALLS, normalise.cache_info().misses)


if __name__ == "__main__":
    main()
