"""Much here has no operation: functions of its own, large data, a table that was there before."""

import sys
import threading

import lancedb
import lancedb.embeddings.registry
from lancedb.embeddings import TextEmbeddingFunction, get_registry
from lancedb.pydantic import LanceModel, Vector

db = lancedb.connect(sys.argv[1])
before = db.open_table("before")
before.add([{"id": 50, "s": "late"}])
assert before.count_rows() == 2 and before.version > 0 and len(db.table_names()) == 1


@lancedb.embeddings.registry.register("of-this-program")
class Function(TextEmbeddingFunction):
    def generate_embeddings(self, texts):
        return [[1.0, 2.0] for _ in texts]

    def ndims(self):
        return 2


function = get_registry().get("of-this-program").create()


class Doc(LanceModel):
    text: str = function.SourceField()
    vector: Vector(2) = function.VectorField()


docs = db.create_table("docs", schema=Doc)
docs.add([{"text": "x"}])
assert len(docs.search("x").to_list()) == 1
large = db.create_table("large", [{"id": i} for i in range(2000)])
assert large.count_rows() == 2000 and large.to_lance().count_rows() == 2000
thread = threading.Thread(target=before.count_rows)
thread.start()
thread.join()
