import lancedb

from querylib import as_frame, base_query, filtered, maintain, top_ids
from querylib.admin import reindex
from querylib.finish import everything, stream

db = lancedb.connect("data/builders")  #~ connect
table = db.open_table("goods")  #~ open_table


def main():
    vector = [0.5, 0.5]
    frame = as_frame(filtered(table, vector, where="price < 10"))
    print(frame.head(), len(frame))
    print(top_ids(base_query(table, vector), 3))
    for row in stream(table.search(vector)):  #~ search
        print(row)
    print(len(everything(table)))
    maintain(table)
    reindex(table, columns=("id", "price"))
    wide = filtered(table, vector, columns=["id"])
    print(wide.limit(3).to_df())  #~ to_df
    for batch in wide.to_batches():  #~ to_batches
        print(batch.num_rows)


if __name__ == "__main__":
    main()
