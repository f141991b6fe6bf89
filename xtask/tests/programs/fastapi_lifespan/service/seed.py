QUOTES = [
    {"id": 1, "author": "Curie", "text": "Nothing in life is to be feared.", "vector": [0.9, 0.2]},
    {"id": 2, "author": "Hopper", "text": "It is easier to ask forgiveness.", "vector": [0.1, 0.8]},
    {"id": 3, "author": "Noether", "text": "My methods are working methods.", "vector": [0.5, 0.6]},
]


def seed(db):
    """Creates the table unless an earlier run did."""
    if "quotes" in db.table_names():
        return False
    db.create_table("quotes", data=QUOTES)
    return True
