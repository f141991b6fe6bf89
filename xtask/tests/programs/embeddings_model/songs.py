import lancedb
from lancedb.embeddings import TextEmbeddingFunction, get_registry, register
from lancedb.pydantic import LanceModel, Vector

LETTERS = "aeioulnrst"


@register("letters")
class LetterEmbeddings(TextEmbeddingFunction):
    """Counts letters; stands for a model."""

    def ndims(self):
        return len(LETTERS)

    def generate_embeddings(self, texts):
        return [[text.lower().count(letter) / (len(text) or 1) for letter in LETTERS] for text in texts]


letters = get_registry().get("letters").create()


class Song(LanceModel):
    title: str = letters.SourceField()
    minutes: float
    vector: Vector(letters.ndims()) = letters.VectorField()

    @property
    def label(self) -> str:
        return f"{self.title} ({self.minutes:.1f} min)"


def build(path):
    db = lancedb.connect(path)
    table = db.create_table("songs", schema=Song, mode="overwrite")
    table.add(
        [
            {"title": "Tallinn at Noon", "minutes": 3.5},
            {"title": "Oboe and Euphoria", "minutes": 7.25},
            {"title": "Sisters in Rust", "minutes": 4.0},
        ]
    )
    return table


def best(table, text):
    return table.search(text).limit(1).to_pydantic(Song)[0]


def main():
    songs = build("songs-db")
    print(best(songs, "Oboe Euphoria").label)
    print(best(songs, "rust sisters").label)
    long_ones = songs.search().where("minutes > 3.9").to_pydantic(Song)
    print(sorted(song.label for song in long_ones))
    print(len(songs.embedding_functions), "embedding function")
    print(songs.schema.field("vector").type)


if __name__ == "__main__":
    main()
