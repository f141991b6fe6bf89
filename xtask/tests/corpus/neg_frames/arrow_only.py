import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq


def load(path) -> pa.Table:
    table = pq.read_table(path)
    print(table.schema, len(table), table.schema.names)
    return table.drop_columns(["x"]).select(["id"])


def scan(folder):
    dataset = ds.dataset(folder)
    print(dataset.count_rows(), dataset.schema)
    for batch in dataset.to_batches():
        yield batch.to_pandas()


def count(table: "pa.Table", column):
    return pc.count(table[column]).as_py(), table.to_pandas(), table.add_column(0, "i", [])
