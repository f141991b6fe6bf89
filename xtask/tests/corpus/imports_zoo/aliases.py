import lancedb as ldb
import lancedb.table as lt
from lancedb import connect as open_db
from lancedb.db import LanceDBConnection as Conn
from lancedb.table import LanceTable as LT

first = ldb.connect("data/a")  #~ connect
second = open_db("data/b")  #~ open_db
third = Conn("data/c")  #~ Conn

t1 = LT(first, "items")  #~ LT
t2 = lt.LanceTable(third, "items")  #~ LanceTable
t3 = LT.open(first, "items")  #~ open
t4 = LT.create(second, "fresh", data=[{"id": 1}])  #~ create

total = t1.count_rows() + t2.count_rows()  #~ count_rows, count_rows
names = [t3.name, t4.name]
columns = {t.name: t.schema.names for t in (t1, t2, t3, t4)}  #~ schema
make = ldb.connect  #~ connect
fourth = make("data/d")
print(fourth.table_names(), names, total)  #~ table_names
