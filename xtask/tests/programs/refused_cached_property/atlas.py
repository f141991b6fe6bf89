from functools import cached_property

import lancedb


class Atlas:
    def __init__(self, path):
        self.path = path

    @cached_property
    def countries(self):
        db = lancedb.connect(self.path)
        print("opened")
        return db.create_table(
            "countries",
            [{"name": "Chad", "area": 1284.0}, {"name": "Cuba", "area": 109.9}, {"name": "Peru", "area": 1285.2}],
            mode="overwrite",
        )

    @cached_property
    def total_area(self):
        return sum(row["area"] for row in self.countries.search().to_list())

    def share(self, name):
        row = self.countries.search().where(f"name = '{name}'").to_list()[0]
        return row["area"] / self.total_area


if __name__ == "__main__":
    atlas = Atlas("atlas-db")
    for name in ("Peru", "Cuba"):
        print(name, f"{atlas.share(name):.0%}")
    print("total_area" in vars(atlas), atlas.countries is atlas.countries)
