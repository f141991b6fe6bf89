"""Which objects and tables the recorded steps know, and which of them are no longer as the steps
make them."""

from .errors import Inexpressible

# What objects of the client are marked with: their handle, or that no step made them.
MARK = "_lancebridge_handle"
UNKNOWN = "_lancebridge_unknown"


class Known:
    def __init__(self):
        self.counts = {}
        # Handle -> the connection's handle and the name of the table.
        self.tables = {}
        # Tables that the steps made.
        self.made = set()
        # Those of them that were there before.
        self.brought = set()
        # Tables and connections of which not every change is recorded, and why.
        self.changed = {}

    def name(self, value, kind, step):
        """Gives an object the next handle of its kind; the step names all but the first."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        name = kind if self.counts[kind] == 1 else f"{kind}{self.counts[kind]}"
        if name != kind:
            step["as"] = name
        setattr(value, MARK, name)
        if kind == "t":
            self.tables[name] = (step.get("on", "db"), step["name"])

    def handle(self, owner):
        """The handle of an object."""
        name = getattr(owner, MARK, None)
        if name is None:
            raise Inexpressible("the object comes from a call that is not recorded")
        return name

    def refuse_changed(self, name):
        """Refuses to go on with what the steps do not make as it is."""
        why = self.changed.get(self.tables.get(name, name))
        if why:
            raise Inexpressible(why)

    def refuse_brought(self, name):
        if self.tables.get(name) in self.brought:
            raise Inexpressible("the table was there before, and its versions are not reproduced")

    def change(self, owner, table=None):
        """A change of an object, or of a table of a connection, is not recorded."""
        name = getattr(owner, MARK, None)
        if name is None:
            return
        self.changed[self.tables.get(name, name)] = (
            "an earlier call that changes it is not recorded"
        )
        if table is not None:
            self.changed[(name, table)] = "an earlier call that changes it is not recorded"
