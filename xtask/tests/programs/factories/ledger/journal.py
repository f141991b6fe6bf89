import lancedb
import pyarrow as pa


class Journal:
    SCHEMA = pa.schema([("account", pa.int64()), ("amount", pa.int64())])

    def __init__(self, table):
        self.table = table

    @classmethod
    def open(cls, path):
        return cls.from_connection(lancedb.connect(path))

    @classmethod
    def from_connection(cls, db):
        return cls(db.create_table("journal", schema=cls.SCHEMA, exist_ok=True))

    def book(self, account, amount):
        self.table.add([{"account": account, "amount": amount}])
        return self

    def balance(self, account):
        rows = self.table.search().where(f"account = {account}").to_list()
        return sum(row["amount"] for row in rows)
