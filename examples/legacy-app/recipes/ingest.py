"""Fill the database: python -m recipes.ingest [--uri PATH]"""

import argparse
import itertools

import lancedb

from .store import DEFAULT_URI, Recipe, RecipeStore

STYLES = ["roast", "quick", "spicy", "creamy", "grandma's", "cold"]
MAINS = ["rice", "noodles", "potatoes", "lentils", "beans", "pumpkin"]
TASTES = ["lemon", "garlic", "ginger", "tomato", "basil"]
COURSES = ["starter", "main"]


def recipes():
    combos = itertools.product(STYLES, MAINS, TASTES, COURSES)
    for number, (style, main, taste, course) in enumerate(combos):
        yield {
            "id": number,
            "title": f"{style} {main} with {taste}",
            "text": f"Cook the {main}, add {taste} and serve it as a {course}.",
            "course": course,
            "minutes": 10 + number % 50,
        }


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uri", default=str(DEFAULT_URI))
    args = parser.parse_args(argv)

    db = lancedb.connect(args.uri)
    if "recipes" in db:
        print("dropping", len(db["recipes"]), "old rows")
        db.drop_table("recipes")
    db.create_table("recipes", schema=Recipe, mode="overwrite")
    db.create_table("searches", [{"text": "first", "hits": 0}], mode="overwrite")

    store = RecipeStore(args.uri)
    batch = []
    for recipe in recipes():
        batch.append(recipe)
        if len(batch) == 100:
            store.add(batch)
            batch.clear()
    if batch:
        store.add(batch)
    store.build_indexes()
    print(f"{len(store)} recipes, version {store.table.version}")


if __name__ == "__main__":
    main()
