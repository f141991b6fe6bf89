from typing import Annotated

import typer

from . import storage

app = typer.Typer(add_completion=False)


@app.command()
def add(task: str, urgency: Annotated[int, typer.Option(min=1, max=10)] = 5):
    """Write down a task."""
    typer.echo(f"{storage.add_task(task, urgency)} tasks")


@app.command()
def done(task: str):
    """Tick off a task."""
    if not storage.finish(task):
        typer.echo(f"no such task: {task}")
        raise typer.Exit(code=3)
    typer.echo("well done")


@app.command()
def show(all: bool = False):
    """List the tasks, urgent ones first."""
    for row in storage.open_tasks(include_done=all):
        mark = "x" if row["done"] else " "
        typer.echo(f"[{mark}] {row['task']} ({row['urgency']})")
