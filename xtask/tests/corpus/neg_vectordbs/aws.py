import boto3
import sqlite3

db = boto3.resource("dynamodb")
table = db.Table("sessions")
db.create_table(TableName="x", KeySchema=[], AttributeDefinitions=[])


def put(item):
    table.put_item(Item=item)
    table.update_item(Key={"id": 1})
    table.delete()
    return table.item_count, table.table_name


def local(path, name):
    conn = sqlite3.connect(path)
    cursor = conn.execute("select name from sqlite_master")
    table_names = [r[0] for r in cursor]
    if name in table_names:
        conn.execute(f"drop table {name}")
    conn.close()
    return len(table_names)


def elastic(es, query):
    return es.search(index="docs", query=query)["hits"]["hits"]
