import queue
import threading

import lancedb

STOP = object()


def write_all(table, rows):
    """Runs in the writer thread until it is told to stop."""
    batch = []
    while (row := rows.get()) is not STOP:
        batch.append(row)
        if len(batch) == 4:
            table.add(batch)
            batch = []
    if batch:
        table.add(batch)


def measure(rows, sensor, n):
    for i in range(n):
        rows.put({"sensor": sensor, "value": i * 0.5})


def main():
    db = lancedb.connect("measured-db")
    table = db.create_table("values", [{"sensor": "none", "value": 0.0}], mode="overwrite")
    rows = queue.Queue(maxsize=3)
    writer = threading.Thread(target=write_all, args=(table, rows), daemon=True)
    writer.start()
    sensors = [threading.Thread(target=measure, args=(rows, name, 5)) for name in ("left", "right")]
    for sensor in sensors:
        sensor.start()
    for sensor in sensors:
        sensor.join()
    rows.put(STOP)
    writer.join()
    print(table.count_rows(), table.count_rows("sensor = 'left'"), table.count_rows("value > 1"))


if __name__ == "__main__":
    main()
