"""Example:

    >>> import lancedb
    >>> db = lancedb.connect("data")
    >>> table = db.open_table("t")
    >>> table.search([1, 2]).limit(3).to_list()
"""

TEMPLATE = """
import lancedb

db = lancedb.connect("{uri}")
table = db.create_table("{name}", data)
print(len(table), table.version)
"""

# db = lancedb.connect("old")
# db.open_table("t").add([{"id": 1}])
COMMAND = 'python -c "import lancedb; lancedb.connect(1).table_names()"'


def render(uri, name):
    """Fill the template; `lancedb.connect(uri)` is only text here."""
    help_text = f"use lancedb.connect({uri!r}).open_table({name!r}).to_pandas()"
    return TEMPLATE.format(uri=uri, name=name), help_text, "import lancedb" in TEMPLATE


def imports(source: str):
    if source.startswith("import lancedb"):
        return source.replace("lancedb.connect(", "await lancedb.connect_async(")
    return source
