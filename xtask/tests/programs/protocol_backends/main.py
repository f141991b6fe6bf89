import sys

from stores import Index, LanceStore, MemoryStore, VectorStore

COLOURS = {
    "red": [1.0, 0.0, 0.0],
    "orange": [1.0, 0.5, 0.0],
    "green": [0.0, 1.0, 0.0],
    "teal": [0.0, 0.5, 0.5],
}


def make_store(kind: str) -> VectorStore:
    if kind == "memory":
        return MemoryStore()
    return LanceStore("colours", dimension=3)


def guess(index: Index, vector: list[float]) -> str:
    return index.nearest(vector, 1)[0]


def demo(kind: str) -> None:
    store = make_store(kind)
    print(kind, store.put_all(COLOURS))
    print(guess(store, [0.9, 0.4, 0.1]), guess(store, [0.1, 0.6, 0.6]))
    store.put("green", [0.2, 0.9, 0.1])
    print(store.size(), store.nearest([0.0, 1.0, 0.0], 2))


if __name__ == "__main__":
    for kind in sys.argv[1:] or ["memory", "lance"]:
        demo(kind)
