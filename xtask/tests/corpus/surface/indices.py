import lancedb


class Indexer:
    def __init__(self, uri, metric="cosine"):
        self.metric = metric
        self.tables = [lancedb.connect(uri).open_table(n) for n in ("a", "b")]  #~ connect, open_table

    def vector(self):
        for t in self.tables:
            t.create_index(metric=self.metric, num_partitions=32, num_sub_vectors=8, accelerator="cuda")  #~ create_index
            t.create_index("L2", 256, 96, "embedding", replace=False, index_type="IVF_HNSW_SQ")  #~ create_index

    def scalar(self, **columns):
        for column, kind in columns.items():
            self.tables[0].create_scalar_index(column, index_type=kind, replace=True)  #~ create_scalar_index

    def check(self, vector):
        queries = {
            "default": self.tables[0].search(vector),  #~ search
            "exact": self.tables[0].search(vector).refine_factor(50),  #~ search
        }
        plans = {k: q.explain_plan() for k, q in queries.items()}  #~ explain_plan
        return plans, queries["exact"].limit(0).to_arrow()  #~ limit, to_arrow
