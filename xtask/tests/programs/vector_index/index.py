import random

import lancedb
import pyarrow as pa

DIMENSION = 16


def vectors(n, seed):
    rng = random.Random(seed)
    return [[rng.uniform(-1, 1) for _ in range(DIMENSION)] for _ in range(n)]


def make_table(db, n=600):
    data = pa.table(
        {
            "id": pa.array(range(n), pa.int64()),
            "vector": pa.array(vectors(n, seed=11), pa.list_(pa.float32(), DIMENSION)),
            "emb": pa.array(vectors(n, seed=12), pa.list_(pa.float32(), DIMENSION)),
        }
    )
    return db.create_table("points", data)


def found(table, vector, column, **options):
    query = table.search(vector, vector_column_name=column).limit(3)
    if "metric" in options:
        query = query.metric(options["metric"])
    if "refine" in options:
        query = query.refine_factor(options["refine"])
    return [row["id"] for row in query.nprobes(options.get("probes", 20)).to_list()]


def main():
    db = lancedb.connect("points-db")
    table = make_table(db)
    row = table.search([0.5] * DIMENSION, vector_column_name="vector").limit(1).to_list()[0]
    exact = found(table, row["vector"], "vector")
    print("itself first:", exact[0] == row["id"])

    table.create_index(num_partitions=2, num_sub_vectors=8)
    table.create_index(
        metric="cosine",
        num_partitions=1,
        num_sub_vectors=4,
        vector_column_name="emb",
        index_type="IVF_PQ",
    )
    # all partitions are looked into, and the distances are computed anew
    print("the same:", found(table, row["vector"], "vector", probes=2, refine=200) == exact)
    hit = table.search(row["emb"], vector_column_name="emb").metric("cosine").refine_factor(200).limit(1).to_list()[0]
    print("by angle:", hit["id"] == row["id"], round(abs(hit["_distance"]), 3))

    table.create_index("dot", 2, 8, "emb", True, index_type="IVF_HNSW_SQ")
    print("all:", len(table.search(row["emb"], "emb").limit(50).to_arrow()))
    print("columns:", table.search(row["emb"], "emb").select(["id"]).limit(1).to_arrow().column_names)


if __name__ == "__main__":
    main()
