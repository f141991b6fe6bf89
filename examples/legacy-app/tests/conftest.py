import lancedb
import pytest

from recipes.store import Recipe, RecipeStore

SOUP = {"id": 1, "title": "lemon soup", "text": "Boil water with lemon.", "course": "starter", "minutes": 20}
CAKE = {"id": 2, "title": "apple cake", "text": "Bake apples in dough.", "course": "dessert", "minutes": 60}


@pytest.fixture
def db(tmp_path):
    return lancedb.connect(tmp_path)


@pytest.fixture
def store(db):
    db.create_table("recipes", schema=Recipe)
    store = RecipeStore(db.uri)
    store.add([SOUP, CAKE])
    yield store
    db.drop_table("recipes")
