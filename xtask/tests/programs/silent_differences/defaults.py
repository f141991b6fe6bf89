import lancedb


def ids(rows):
    return sorted(row["id"] for row in rows)


def main():
    db = lancedb.connect("defaults-db")
    table = db.create_table("t", [{"id": i, "s": f"text {i}", "vector": [float(i), 0.5]} for i in range(30)])

    print("scan:", len(table.search().to_list()), len(table.search().where("id > 5").to_list()))
    print("all:", len(table.search().limit(0).to_list()), len(table.search().limit(None).to_list()))
    print("after the search:", ids(table.search([0.0, 0.5]).where("id >= 2").limit(4).to_list()))
    print("before the search:", ids(table.search([0.0, 0.5]).where("id >= 2", prefilter=True).limit(4).to_list()))
    print("the last one counts:", len(table.search().where("id >= 20").where("id < 22").limit(100).to_list()))
    print("offset:", ids(table.search([0.0, 0.5]).limit(3).offset(2).to_list()))
    print("names:", table.search().select(["id"]).limit(2).to_arrow().column_names)
    for n in range(12):
        db.create_table(f"more{n:02}", [{"n": n}])
    print("tables:", len(db.table_names()), len(db.table_names(limit=100)), db.table_names("more09", 2))
    print("euclid:", ids(table.search([0.0, 0.5]).metric("euclidean").limit(2).to_list()))


if __name__ == "__main__":
    main()
