from qdrant_client import QdrantClient, models

client = QdrantClient(":memory:")
client.create_collection("docs", vectors_config=models.VectorParams(size=2, distance="Cosine"))


def search(vector, k=3):
    hits = client.search(collection_name="docs", query_vector=vector, limit=k)
    return [hit.payload for hit in hits]


def create_index(field):
    client.create_payload_index("docs", field, field_schema="keyword")


def count_rows():
    return client.count("docs").count
