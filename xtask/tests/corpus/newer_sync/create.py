"""Written for a 0.3x client, still the sync one."""

import lancedb
from lancedb.index import FTS, BTree, HnswSq, IvfPq


def build(uri: str):
    db = lancedb.connect(uri, storage_options={"timeout": "60s"})  #~ connect
    page = db.list_tables(limit=50)  #~ list_tables
    if "docs" in page.tables:
        db.drop_all_tables()  #~ drop_all_tables
    table = db.create_table("docs", [{"vector": [0.5] * 32, "text": "a"}], exist_ok=True)  #~ create_table
    table.create_index("vector", config=IvfPq(distance_type="cosine", num_partitions=8))  #~ create_index
    table.create_index("text", config=FTS(with_position=True), replace=True)  #~ create_index
    table.create_index("id", config=BTree())  #~ create_index
    table.wait_for_index(["vector_idx"])  #~ wait_for_index
    for index in table.list_indices():  #~ list_indices
        print(index.name, table.index_stats(index.name))  #~ index_stats
    table.optimize()  #~ optimize
    result = table.add([{"vector": [0.1] * 32, "text": "b"}])  #~ add
    print(result.version, table.stats(), table.name)  #~ stats
    return table


def rebuild(table: "lancedb.table.Table"):
    table.drop_index("vector_idx")  #~ drop_index
    table.create_index(vector_column_name="vector", config=HnswSq())  #~ create_index
    table.tags.create("v1", table.version)  #~ create, version
    table.prewarm_index("vector_idx")  #~ prewarm_index
