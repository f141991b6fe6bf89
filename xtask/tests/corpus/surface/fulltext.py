import lancedb
from lancedb.rerankers import CohereReranker, LinearCombinationReranker

db = lancedb.connect("data/fts")  #~ connect
docs = db.open_table("docs")  #~ open_table

docs.create_fts_index(["title", "body"], ordering_field_names=["rank"], replace=True)  #~ create_fts_index
docs.create_fts_index("body", use_tantivy=False, tokenizer_name="en_stem")  #~ create_fts_index


def text(q):
    return docs.search(q, query_type="fts", fts_columns="body").limit(5).to_list()  #~ search, to_list


def ordered(q):
    found = docs.search(q, query_type="fts", ordering_field_name="rank").phrase_query().to_arrow()  #~ search, phrase_query, to_arrow
    return found["title"].to_pylist()


def hybrid(q, weight=0.7):
    reranker = LinearCombinationReranker(weight=weight)
    return (
        docs.search(q, query_type="hybrid")  #~ search
        .rerank(reranker=reranker)
        .limit(10)
        .to_pandas()  #~ to_pandas
    )


def own_vector(vector, q):
    query = docs.search(query_type="hybrid").vector(vector).text(q)  #~ search, vector, text
    return [r["title"] for r in query.limit(3).to_list()]  #~ to_list


def vector_rerank(vector, q):
    reranker = CohereReranker(column="body")  #? CohereReranker
    first = docs.search(vector).rerank(reranker, query_string=q).to_arrow()  #~ search, to_arrow
    second = docs.search(q).rerank(reranker).to_arrow()  #~ search, to_arrow #? rerank
    return reranker.rerank_vector(q, first).num_rows + second.num_rows


def filtered(q):
    return docs.search(q, query_type="fts").where("lang = 'en'").limit(None).to_df()  #~ search, where, limit, to_df
