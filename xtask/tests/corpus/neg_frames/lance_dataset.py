"""The file format's own package: this is not the database client."""

import lance
import pyarrow as pa


def load(uri):
    ds = lance.dataset(uri)
    print(ds.count_rows(), ds.version, ds.schema, ds.uri)
    ds.create_index("vector", "IVF_PQ", num_partitions=4, num_sub_vectors=4)
    ds.merge_insert("id").when_matched_update_all().execute(pa.table({"id": [1]}))
    ds.cleanup_old_versions()
    ds.delete("id = 1")
    ds.checkout_version(1).restore()
    return ds.to_table(nearest={"column": "vector", "q": [0.0], "k": 3}).to_pandas()


def write(table: pa.Table, uri):
    return lance.write_dataset(table, uri, mode="overwrite").list_versions()
