"""The virtual environments that the programs run in: one per client version, made on first use."""

import os
import subprocess
import sys
import venv
from pathlib import Path

# What the clients need beside themselves. The old one was built against these; later ones do not load or answer otherwise.
CLIENTS = {
    "0.14.0": ["lancedb==0.14.0", "pylance==0.18.2", "pyarrow==17.0.0", "numpy<2", "setuptools"],
    "0.40.0": ["lancedb==0.40.0"],
}

# What a program may ask for, the same in every environment: an answer may differ by the client only.
PACKAGES = {
    "anyio": "4.16.0",
    "click": "8.5.1",
    "fastapi": "0.165.0",
    "flask": "3.1.3",
    "httpx": "0.28.1",
    "pandas": "2.2.3",
    "polars": "2.1.0",
    "pytest": "9.2.0",
    "pytest-asyncio": "1.5.0",
    "typer": "0.29.2",
}

# The client that converted programs run with.
TARGET = "0.40.0"


def python(client: str) -> Path:
    """The interpreter of the environment for `client`; makes the environment when it is not there or not complete."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / f"lancebridge-programs-{client}"
    interpreter = home / "bin" / "python"
    wanted = CLIENTS[client] + [f"{name}=={version}" for name, version in PACKAGES.items()]
    stamp = home / "packages.txt"
    if stamp.is_file() and stamp.read_text() == "\n".join(wanted):
        return interpreter
    print(f"making {home}", file=sys.stderr)
    venv.create(home, clear=True, with_pip=True)
    subprocess.run([interpreter, "-m", "pip", "install", "--quiet", *wanted], check=True)
    stamp.write_text("\n".join(wanted))
    return interpreter
