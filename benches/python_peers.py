"""Times the Python clients on the same kind of data: `python python_peers.py`, once in an environment of each version.

Prints a row for the second table of the README. Needs `lancedb` and `numpy`, no network.
"""

import statistics
import tempfile
import time

import lancedb
import numpy as np
import pyarrow as pa

ROWS = 100_000
DIMENSION = 128


def median(call, seconds=5.0):
    """Median time of a call, after three that warm up."""
    for _ in range(3):
        call()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    random = np.random.default_rng(1)
    values = random.random(ROWS * DIMENSION, dtype=np.float32)
    rows = pa.table(
        {
            "id": pa.array(np.arange(ROWS)),
            "category": pa.array(np.arange(ROWS, dtype=np.int32) % 10),
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(values), DIMENSION),
        }
    )
    query = random.random(DIMENSION, dtype=np.float32)
    with tempfile.TemporaryDirectory() as folder:
        table = lancedb.connect(folder).create_table("large", rows)
        count = median(table.count_rows)
        flat = median(lambda: table.search(query).limit(10).to_arrow())
    print(f"| {lancedb.__version__} | {count * 1e6:.1f} µs | {flat * 1e3:.1f} ms |")


if __name__ == "__main__":
    main()
