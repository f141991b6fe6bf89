from concurrent.futures import ThreadPoolExecutor, as_completed

import lancedb

PLANTS = [
    {"name": "mint", "vector": [0.1, 0.9]},
    {"name": "sage", "vector": [0.2, 0.7]},
    {"name": "rose", "vector": [0.9, 0.2]},
]


class Garden:
    def __init__(self, path):
        self.table = lancedb.connect(path).create_table("plants", PLANTS, mode="overwrite")

    def look_up(self, vector):
        return self.table.search(vector).limit(1).to_list()[0]["name"]

    def look_up_all(self, vectors):
        with ThreadPoolExecutor(max_workers=2) as pool:
            return list(pool.map(self.look_up, vectors))


def main():
    garden = Garden("garden-db")
    print(garden.look_up([0.0, 1.0]))
    print(garden.look_up_all([[0.9, 0.1], [0.2, 0.6], [0.1, 1.0]]))
    with ThreadPoolExecutor() as pool:
        futures = {pool.submit(garden.table.count_rows, f"name = '{name}'"): name for name in ("mint", "oak")}
        print(sorted((futures[done], done.result()) for done in as_completed(futures)))


if __name__ == "__main__":
    main()
