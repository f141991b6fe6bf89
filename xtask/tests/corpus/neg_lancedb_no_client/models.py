from typing import List, Optional

import lancedb
from lancedb.embeddings import EmbeddingFunctionRegistry, TextEmbeddingFunction, get_registry
from lancedb.embeddings.registry import register
from lancedb.pydantic import LanceModel, Vector, pydantic_to_schema

registry = EmbeddingFunctionRegistry.get_instance()
openai = get_registry().get("openai").create(name="text-embedding-3-small")


@register("bag-of-words")
class BagOfWords(TextEmbeddingFunction):
    words: List[str] = []

    def generate_embeddings(self, texts):
        return [[float(t.count(w)) for w in self.words] for t in texts]

    def ndims(self):
        return len(self.words)


class Document(LanceModel):
    text: str = openai.SourceField()
    vector: Vector(openai.ndims()) = openai.VectorField()
    lang: Optional[str] = None


schema = pydantic_to_schema(Document)
print(schema.names, Document.to_arrow_schema(), lancedb.__version__)
print(openai.compute_query_embeddings("hello")[0], len(Document.field_names()))
