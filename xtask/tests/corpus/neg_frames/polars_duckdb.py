import duckdb
import polars as pl


def report(uri):
    db = duckdb.connect(uri)
    table = db.table("events")
    df = db.execute("select * from events").df()
    frame = pl.from_pandas(df).limit(3).select("id")
    print(frame.schema, frame.head().to_arrow(), frame.to_pandas(), len(frame))
    for row in frame.to_dicts():
        print(row)
    return table.to_df(), db.execute("select 1").fetchall(), table.limit(10).to_arrow_table()


def lazy(path):
    q = pl.scan_parquet(path).filter(pl.col("x") > 1)
    return q.collect().to_arrow(), q.explain(), q.collect_schema().names()
