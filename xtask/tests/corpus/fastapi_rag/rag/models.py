from lancedb.embeddings import get_registry
from lancedb.pydantic import LanceModel, Vector

registry = get_registry()
model = registry.get("sentence-transformers").create(name="all-MiniLM-L6-v2")


class Chunk(LanceModel):
    doc_id: str
    text: str = model.SourceField()
    vector: Vector(model.ndims()) = model.VectorField()

    @classmethod
    def columns(cls) -> list:
        schema = cls.to_arrow_schema()
        return [name for name in schema.names if name != "vector"]
