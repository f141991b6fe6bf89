from create import build
from lancedb.query import MatchQuery, PhraseQuery

table = build("data/new")


def run(vector):
    q = table.search(vector, vector_column_name="vector").distance_type("cosine").limit(5)  #~ search
    rows = q.where("id > 1").to_list()  #~ where, to_list
    text = table.search(MatchQuery("a", "text")).limit(3).to_polars()  #~ search, to_polars
    phrase = table.search(PhraseQuery("a b", "text"), query_type="fts").to_arrow()  #~ search, to_arrow
    print(q.analyze_plan(), text.height, phrase.num_rows)  #~ analyze_plan
    fetched = table.take_offsets([1, 2, 3]).to_list()  #? take_offsets, to_list
    return rows + fetched


print(table.update(where="id = 1", values={"text": "c"}).rows_updated)  #~ update
print((table.merge_insert("id").when_matched_update_all().execute([{"id": 1}])).num_updated_rows)  #~ execute
