import sys
from pathlib import Path

import lancedb

from config import BATCH_SIZE, DB_URI, TABLE_NAME
from embedder import embed


def chunks(folder: Path):
    for path in sorted(folder.glob("*.txt")):
        for number, text in enumerate(path.read_text().split("\n\n")):
            text = " ".join(text.split())
            yield {"id": f"{path.stem}-{number}", "source": path.name, "text": text, "vector": embed(text)}


def batches(rows, size):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def main():
    folder = Path(sys.argv[1])
    db = lancedb.connect(DB_URI)
    table = None
    for batch in batches(chunks(folder), BATCH_SIZE):
        if table is None:
            table = db.create_table(TABLE_NAME, data=batch, mode="overwrite")
        else:
            table.add(batch)
        print(f"{table.count_rows()} chunks")
    if table is None:
        sys.exit("no documents")
    print("columns:", [field.name for field in table.schema])


if __name__ == "__main__":
    main()
