"""Loads a handful of films and looks for similar ones."""

import lancedb

films = [
    {"title": "Alien", "year": 1979, "vector": [0.9, 0.1, 0.4]},
    {"title": "Amelie", "year": 2001, "vector": [0.1, 0.8, 0.2]},
    {"title": "Blade Runner", "year": 1982, "vector": [0.8, 0.3, 0.5]},
    {"title": "Casablanca", "year": 1942, "vector": [0.2, 0.9, 0.1]},
    {"title": "Metropolis", "year": 1927, "vector": [0.7, 0.2, 0.9]},
    {"title": "Solaris", "year": 1972, "vector": [0.7, 0.4, 0.6]},
]

db = lancedb.connect("data/films")
table = db.create_table("films", data=films, mode="overwrite")

print("tables:", db.table_names())
print("rows:", len(table))

print("like Alien:")
for hit in table.search([0.9, 0.1, 0.4]).limit(3).to_list():
    print(f"  {hit['title']} ({hit['year']}) {hit['_distance']:.3f}")

table.add([{"title": "Stalker", "year": 1979, "vector": [0.6, 0.4, 0.7]}])
table.delete("year < 1970")
print("after 1970:", table.count_rows())

of_1979 = table.search([0.5, 0.5, 0.5]).where("year = 1979", prefilter=True).to_list()
print("of 1979:", sorted(row["title"] for row in of_1979))
