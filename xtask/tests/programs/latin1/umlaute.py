# -*- coding: latin-1 -*-
"""Städte und Flüsse, in Latin-1."""
import lancedb

STÄDTE = [
    {"stadt": "Köln", "fluß": "Rhein", "länge": 1233},
    {"stadt": "Würzburg", "fluß": "Main", "länge": 527},
    {"stadt": "Straßburg", "fluß": "Rhein", "länge": 1233},
]


def lade(pfad):
    db = lancedb.connect(pfad)
    return db.create_table("staedte", STÄDTE)


def größe(tabelle):
    return tabelle.count_rows()


tabelle = lade("städte-db")
print("Größe:", größe(tabelle), "§")
am_rhein = tabelle.search().where("länge > 1000").limit(10).to_list()
print("am Rhein:", ", ".join(sorted(zeile["stadt"] for zeile in am_rhein)))
