import pyarrow as pa

SCHEMA = pa.schema([("account", pa.string()), ("amount", pa.int64())])


def open_ledger(db, name="ledger"):
    return db.create_table(name, schema=SCHEMA, mode="overwrite")


def book(ledger, account, amount):
    if amount == 0:
        raise ValueError("nothing to book")
    ledger.add([{"account": account, "amount": amount}])


def balance(ledger, account=None):
    table = ledger.to_arrow()
    amounts = [r["amount"] for r in table.to_pylist() if account in (None, r["account"])]
    return sum(amounts)


def close(ledger, account):
    left = balance(ledger, account)
    ledger.delete(f"account = '{account}'")
    return left
