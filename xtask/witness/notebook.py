"""Runs a notebook from top to bottom, as a kernel does: one event loop runs all the time, cells may await, and the value of a
cell's last expression is shown."""

import ast
import asyncio
import inspect
import json
import sys


def code_cells(path: str) -> list[str]:
    """The sources of the code cells; lines that only a kernel understands (`%pip …`, `!ls`) are left out."""
    with open(path, encoding="utf-8") as file:
        cells = json.load(file)["cells"]
    sources = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return ["\n".join(line for line in text.splitlines() if not line.startswith(("%", "!"))) for text in sources]


async def run(tree: ast.AST, mode: str, names: dict) -> object:
    """Executes one piece of a cell, awaiting it where it awaits."""
    code = compile(tree, "<cell>", mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    value = eval(code, names)
    return await value if inspect.CO_COROUTINE & code.co_flags else value


async def main(path: str) -> None:
    """Runs all cells in one namespace."""
    sys.path[0] = ""
    names = {"__name__": "__main__"}
    for source in code_cells(path):
        body = ast.parse(source).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        await run(ast.Module(body, []), "exec", names)
        if last is not None and not source.rstrip().endswith(";"):
            shown = await run(ast.Expression(last.value), "eval", names)
            if shown is not None:
                print(repr(shown))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
