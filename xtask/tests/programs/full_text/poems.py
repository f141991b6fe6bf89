import lancedb

POEMS = [
    {"id": 1, "poet": "Frost", "line": "The woods are lovely, dark and deep", "year": 1923},
    {"id": 2, "poet": "Frost", "line": "Two roads diverged in a yellow wood", "year": 1915},
    {"id": 3, "poet": "Dickinson", "line": "Hope is the thing with feathers", "year": 1861},
    {"id": 4, "poet": "Blake", "line": "In the forests of the night", "year": 1794},
]


class Finder:
    def __init__(self, table):
        self.table = table

    def lines(self, words, since=None):
        query = self.table.search(words, query_type="fts").limit(10)
        if since is not None:
            query = query.where(f"year >= {since}")
        return sorted(row["id"] for row in query.select(["id", "line"]).to_list())

    def first_poet(self, words):
        rows = self.table.search(words, query_type="fts", fts_columns="line").limit(1).to_list()
        return rows[0]["poet"] if rows else "nobody"


def main():
    db = lancedb.connect("poems-db")
    table = db.create_table("poems", POEMS, mode="overwrite")
    table.create_fts_index("line", use_tantivy=False)
    finder = Finder(table)
    print("wood:", finder.lines("wood"))
    print("wood since 1920:", finder.lines("wood", since=1920))
    print("night or feathers:", finder.lines("night feathers"))
    print("hope:", finder.first_poet("hope"), "- sea:", finder.first_poet("sea"))

    table.add([{"id": 5, "poet": "Masefield", "line": "I must go down to the sea again", "year": 1902}])
    table.create_fts_index("line", use_tantivy=False, replace=True, with_position=True)
    print("sea:", finder.first_poet("sea"))
    print("phrase:", finder.lines('"yellow wood"'), finder.lines('"wood yellow"'))
    print(sorted(index.name for index in table.list_indices()))


if __name__ == "__main__":
    main()
