import click
import lancedb

BIRDS = [
    ("wren", 0.15, [0.1, 0.2]),
    ("gull", 1.3, [0.7, 0.5]),
    ("heron", 1.9, [0.9, 0.4]),
    ("swift", 0.4, [0.3, 0.9]),
]

pass_db = click.make_pass_decorator(lancedb.db.DBConnection)


@click.group()
@click.option("--db", "path", default="birds.db", show_default=True)
@click.pass_context
def cli(ctx, path):
    """Birds and their wings."""
    ctx.obj = lancedb.connect(path)


@cli.command()
@pass_db
def ingest(db):
    """Fill the table."""
    data = [{"name": n, "wingspan": w, "vector": v} for n, w, v in BIRDS]
    table = db.create_table("birds", data, mode="overwrite")
    click.echo(f"{len(table)} birds")


@cli.command()
@click.option("--where", default=None)
@pass_db
def count(db, where):
    """Count birds."""
    click.echo(db["birds"].count_rows(where))


@cli.command()
@click.argument("vector", nargs=2, type=float)
@click.option("-k", default=3)
@pass_db
def near(db, vector, k):
    """The K birds nearest to a point."""
    for bird in db["birds"].search(list(vector)).limit(k).to_list():
        click.secho(bird["name"], bold=True)


@cli.command("rename-column")
@click.argument("old")
@click.argument("new")
@pass_db
def rename_column(db, old, new):
    """Give a column another name."""
    table = db.open_table("birds")
    table.alter_columns({"path": old, "rename": new})
    click.echo(", ".join(table.schema.names))


if __name__ == "__main__":
    cli()
