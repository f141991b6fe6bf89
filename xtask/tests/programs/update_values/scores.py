import datetime

import lancedb


def table_of_players(db):
    return db.create_table(
        "players",
        [
            {"name": name, "score": score, "club": None if score < 5 else "reds", "born": datetime.date(2000, 1, score)}
            for name, score in [("Ann", 3), ("Ben", 8), ("Cat", 5)]
        ],
        mode="overwrite",
    )


def show(table):
    rows = sorted(table.to_arrow().to_pylist(), key=lambda row: row["name"])
    print("; ".join(f"{r['name']} {r['score']} {r['club']} {r['born']:%d.%m.%Y}" for r in rows))


def change(table, changes):
    for where, values in changes.items():
        table.update(where, values)


def main():
    players = table_of_players(lancedb.connect("players-db"))
    show(players)
    players.update("name = 'Ann'", {"score": 4})
    players.update(where="score > 4", values={"club": "blues"})
    show(players)
    players.update(values={"born": datetime.date(2001, 12, 31)})
    players.update(values_sql={"score": "score * 10 + 1"})
    show(players)
    players.update(where="club = 'blues'", values_sql={"name": "upper(name)", "score": "score - 1"})
    change(players, {"name = 'BEN'": {"score": 0, "club": "it's over"}, "name = 'CAT'": {"club": None}})
    show(players)


if __name__ == "__main__":
    main()
