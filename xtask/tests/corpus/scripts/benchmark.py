import statistics
import time
from dataclasses import dataclass

import lancedb
import numpy as np


@dataclass
class Result:
    name: str
    times: list

    def add(self, seconds):
        self.times.append(seconds)

    def to_list(self):
        return [self.name, statistics.mean(self.times), len(self.times)]


class Timer:
    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *exc):
        self.seconds = time.perf_counter() - self.start


def setup(rows=100_000, dim=128):
    db = lancedb.connect("data/bench")  #~ connect
    vectors = np.random.rand(rows, dim).astype("float32")
    data = [{"vector": v, "id": i} for i, v in enumerate(vectors)]
    tbl = db.create_table("bench", data, mode="overwrite")  #~ create_table
    tbl.create_index(num_partitions=256, num_sub_vectors=16)  #~ create_index
    return tbl, vectors


def bench(tbl, vectors, nprobes):
    result = Result(f"nprobes={nprobes}", [])
    for v in vectors[:100]:
        with Timer() as t:
            tbl.search(v).nprobes(nprobes).limit(10).to_arrow()  #~ search, to_arrow
        result.add(t.seconds)
    return result


if __name__ == "__main__":
    table, vecs = setup()
    results = [bench(table, vecs, n) for n in (1, 10, 50)]
    for result in results:
        print(*result.to_list())
    with Timer() as t:
        n = len(table.to_pandas())  #~ to_pandas
    print("scan", n, t.seconds)
    run = lambda v: table.search(v).limit(1).to_list()  #~ search, to_list
    print(run(vecs[0])[0]["id"])
