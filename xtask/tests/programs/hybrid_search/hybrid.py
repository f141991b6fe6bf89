import lancedb
from lancedb.rerankers import RRFReranker

DOCS = [
    {"id": "a", "text": "apple pie with cream", "vector": [1.0, 0.0]},
    {"id": "b", "text": "banana bread", "vector": [0.9, 0.2]},
    {"id": "c", "text": "apple and cheese", "vector": [0.0, 1.0]},
    {"id": "d", "text": "carrot soup", "vector": [0.1, 0.7]},
]


def open_docs():
    db = lancedb.connect("kitchen")
    table = db.create_table("docs", data=DOCS, mode="overwrite")
    table.create_fts_index("text")
    return table


def hybrid(table, vector, text, limit=3):
    reranker = RRFReranker()
    return (
        table.search(query_type="hybrid")
        .vector(vector)
        .text(text)
        .rerank(reranker)
        .limit(limit)
        .to_list()
    )


if __name__ == "__main__":
    docs = open_docs()
    best = hybrid(docs, [1.0, 0.0], "pie")[0]
    print(best["id"], best["_relevance_score"] > 0)
    print([row["id"] for row in hybrid(docs, [0.0, 1.0], "cheese", limit=1)])
    filtered = docs.search(query_type="hybrid").vector([1.0, 0.0]).text("apple").where("id > 'a'").limit(2)
    print("c" in {row["id"] for row in filtered.to_list()})
