import lancedb

db = lancedb.connect(
    # beside the script
    "chains-db",
)

table = db.create_table(
    "hills",
    data=[
        {"name": "Ben Nevis", "height": 1345, "vector": [0.2, 0.8]},
        {"name": "Snowdon", "height": 1085, "vector": [0.3, 0.5]},
        {"name": "Scafell Pike", "height": 978, "vector": [0.4, 0.6]},
        {"name": "Slieve Donard", "height": 850, "vector": [0.1, 0.7]},
    ],  # heights in metres
    mode="overwrite",
)


def names(rows):
    return [row["name"] for row in rows]


result = (
    table
    # near the north
    .search([0.2, 0.8])
    # but not the small ones
    .where("height > 900", prefilter=True)
    .metric("cosine")  # by direction
    .select(["name", "height"])
    .limit(2)
    .to_list()
)
print(names(result))

rows = table.search() \
    .where("height < 1000") \
    .limit(10) \
    .to_list()
print(sorted(names(rows)))

count = db.open_table("hills") \
          .count_rows()
print(count)

print(
    names(
        db.open_table(
            "hills"
        ).search(
            [0.4, 0.6],
        ).limit(
            1,
        ).to_list()
    )[0].upper().center(20, "*")
)

total = sum(row["height"] for row in table.search().limit(10)
            .to_list()) + table.count_rows() * \
    table.count_rows(filter="height > 1000")
print(total)

(table
    .merge_insert("name")
    .when_matched_update_all()
    # new hills too
    .when_not_matched_insert_all()
    .execute([
        {"name": "Snowdon", "height": 1086, "vector": [0.3, 0.5]},
        {"name": "Goatfell", "height": 874, "vector": [0.2, 0.6]},
    ]))
first, *rest = sorted(table.search().limit(10).to_list(), key=lambda r: -r["height"]); print(first["name"], len(rest))
if (lowest := min(r["height"] for r in table.search(
        ).limit(10).to_list())) < 900: print("lowest:", lowest)
