import lancedb
import pyarrow as pa

from .base import VectorStore


class LanceStore(VectorStore):
    def __init__(self, path: str, dimension: int):
        schema = pa.schema([("name", pa.string()), ("vector", pa.list_(pa.float32(), dimension))])
        self._table = lancedb.connect(path).create_table("vectors", schema=schema, exist_ok=True)

    def put(self, name: str, vector: list[float]) -> None:
        self._table.delete(f"name = '{name}'")
        self._table.add([{"name": name, "vector": vector}])

    def nearest(self, vector: list[float], k: int) -> list[str]:
        return [row["name"] for row in self._table.search(vector).limit(k).to_list()]

    def size(self) -> int:
        return self._table.count_rows()
