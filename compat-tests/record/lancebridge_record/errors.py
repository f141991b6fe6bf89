"""Why a call is not recorded."""


class Inexpressible(Exception):
    """No operation says this; the text says why."""


class OfClient(Inexpressible):
    """No call of the program: the client works on an object of its own, in another thread."""
