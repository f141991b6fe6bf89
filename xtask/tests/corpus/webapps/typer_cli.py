from pathlib import Path
from typing import Annotated, Optional

import lancedb
import typer

app = typer.Typer()
state: dict = {"verbose": False}


@app.callback()
def main(uri: Path = Path("data/typer"), verbose: bool = False):
    state.update(verbose=verbose)
    state["db"] = lancedb.connect(uri)  #~ connect


@app.command()
def rows(name: str, where: Annotated[Optional[str], typer.Option()] = None):
    table = state["db"].open_table(name)  #~ open_table
    typer.echo(table.count_rows(where))  #~ count_rows


@app.command()
def export(name: str, out: Path):
    table = state["db"][name]  #~ state["db"]
    frame = table.to_pandas()  #~ to_pandas
    frame.to_csv(out)
    arrow = table.to_arrow()  #~ to_arrow
    typer.echo(f"{len(frame)} rows, {arrow.schema.names}")


@app.command()
def versions(name: str):
    for v in state["db"].open_table(name).list_versions():  #~ open_table, list_versions
        typer.echo(v["version"])


if __name__ == "__main__":
    app()
