"""A memory for a chat bot."""

import hashlib
import time

import lancedb
import pyarrow as pa


def embed(text):
    digest = hashlib.sha256(text.encode()).digest()
    return [byte / 255 for byte in digest[:8]]


class Memory:
    """Remembers what was said, per user."""

    def __init__(self, path, table_name="memory"):
        self.db = lancedb.connect(path)
        self.name = table_name
        if self.name in self.db.table_names():
            self.table = self.db.open_table(self.name)
        else:
            self.table = self.db.create_table(self.name, schema=self._schema())
        self.calls = 0

    @staticmethod
    def _schema():
        return pa.schema(
            [
                pa.field("user", pa.string()),
                pa.field("text", pa.string()),
                pa.field("vector", pa.list_(pa.float32(), 8)),
            ]
        )

    def remember(self, user, *texts):
        self.calls += 1
        self.table.add([{"user": user, "text": t, "vector": embed(t)} for t in texts])

    def recall(self, user, text, k=2):
        self.calls += 1
        rows = (
            self.table.search(embed(text))
            .where(f"user = '{user}'", prefilter=True)
            .limit(k)
            .to_list()
        )
        return [row["text"] for row in rows]

    def forget(self, user):
        before = self.size()
        self.table.delete(f"user = '{user}'")
        return before - self.size()

    def size(self):
        return self.table.count_rows()

    def describe(self):
        return f"{self.name}: {self.size()} memories, {self.calls} calls"


def main():
    started = time.perf_counter()
    memory = Memory("bot-memory")
    memory.remember("ada", "likes tea", "plays chess", "lives in London")
    memory.remember("bob", "likes coffee")
    print(memory.recall("ada", "plays chess", k=1))
    print(sorted(memory.recall("bob", "plays chess")))
    print(memory.describe())
    print("forgot", memory.forget("ada"))

    again = Memory("bot-memory")
    print(again.describe())
    assert time.perf_counter() > started


if __name__ == "__main__":
    main()
