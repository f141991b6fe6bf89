import click
import lancedb


@click.group()
@click.option("--uri", default="data/cli")
@click.pass_context
def cli(ctx, uri):
    ctx.ensure_object(dict)
    ctx.obj["db"] = lancedb.connect(uri)  #~ connect


@cli.command("list")
@click.pass_context
def list_(ctx):
    for name in ctx.obj["db"].table_names():  #~ table_names
        click.echo(name)


@cli.command()
@click.argument("name")
@click.pass_context
def drop(ctx, name):
    db: lancedb.DBConnection = ctx.obj["db"]
    try:
        db.drop_table(name)  #~ drop_table
    except FileNotFoundError:  #~ FileNotFoundError
        raise click.ClickException(f"no table {name}")


class Session:
    def __init__(self, uri: str):
        self.db = lancedb.connect(uri)  #~ connect


pass_session = click.make_pass_decorator(Session)


@cli.command()
@click.argument("name")
@pass_session
def show(session: Session, name):
    table = session.db.open_table(name)  #~ open_table
    click.echo(table.schema)  #~ schema
    click.echo(table.to_pandas().describe())  #~ to_pandas


if __name__ == "__main__":
    cli(obj={})
