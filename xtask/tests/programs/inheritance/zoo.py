import lancedb


class Base:
    table_name = None

    def __init__(self, db):
        self.db = db
        self.table = self.db.create_table(self.table_name, self.seed(), mode="overwrite")

    def seed(self):
        return [{"name": "nobody", "weight": 0.0}]

    def add(self, name, weight):
        self.before_add(name)
        self.table.add([{"name": name, "weight": weight}])

    def before_add(self, name):
        """A hook; the base class does nothing."""

    def count(self):
        return self.table.count_rows()

    def names(self):
        return sorted(row["name"] for row in self.table.to_arrow().to_pylist())

    def __repr__(self):
        return f"<{type(self).__name__} {self.table_name}>"


class Aviary(Base):
    table_name = "birds"

    def before_add(self, name):
        self.table.delete(f"name = '{name}'")

    def count(self):
        return super().count() - self.table.count_rows("name = 'nobody'")


class Aquarium(Base):
    table_name = "fish"

    def __init__(self, db, litres):
        super().__init__(db)
        self.litres = litres

    def seed(self):
        return [{"name": "carp", "weight": 2.0}]

    def add(self, name, weight):
        if self.count() * 10 >= self.litres:
            print("no room for", name)
            return
        super().add(name, weight)


def main():
    db = lancedb.connect("zoo-db")
    houses = [Aviary(db), Aquarium(db, litres=20)]
    for house in houses:
        for name, weight in (("one", 1.0), ("two", 0.5), ("one", 1.5)):
            house.add(name, weight)
        print(house, house.count(), house.names())
    print(sum(house.count() for house in houses))


if __name__ == "__main__":
    main()
