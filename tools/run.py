"""`make run`: make ready, fill an empty database with the demo cities, serve."""

from __future__ import annotations

import os
import socket

from setup import prepare
from steps import ROOT, VAR, VENV_BIN, Failed, Step, environment, hash_of, main, run

REMBUG = VENV_BIN / "rembug"
STATIC = VAR / "static"
HOST = "127.0.0.1"


def serve() -> None:
    """Make ready and become the server; comes back only by an exception."""
    port = _free_port(os.environ.get("PORT", "8000"))
    prepare(
        then=[
            Step("Static files", collect_static, STATIC / ".done", hash_of_static),
            Step("Database", migrate),
            Step("Demo cities", fill, loud=True),
        ]
    )
    print(f"\nRembug is at http://{HOST}:{port}   (Ctrl-C stops it; your data stays)\n", flush=True)
    os.chdir(ROOT)
    os.execve(VENV_BIN / "granian", server(port), environment())


def server(port: int) -> list[str]:
    """The server's command line: two processes, a few threads each for slow readers."""
    words = f"--interface wsgi --host {HOST} --port {port} --workers 2 --blocking-threads 4"
    # A worker now and then misses the signal of a Ctrl-C; without the timeout one would wait for ever.
    extra = "--no-ws --respawn-failed-workers --workers-kill-timeout 5 --log-level warning"
    return ["granian", *words.split(), *extra.split(), "rembug.wsgi:application"]


def _free_port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Failed(f"PORT={text} is not a port. Give a number, for example PORT=8001.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError:
            raise Failed(
                f"Port {text} is taken by another program. Choose one: make run PORT=8001"
            ) from None
    return int(text)


def hash_of_static() -> str:
    """Changes when a static file of the project or a package version does."""
    folders = [ROOT / "rembug" / "static", *sorted(ROOT.glob("rembug/*/static"))]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    states = (f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)
    return hash_of("\n".join(states), ROOT / "uv.lock")


def collect_static() -> None:
    """Gather, name by content and compress what browsers load."""
    run(REMBUG, "collectstatic", "--noinput", "--verbosity", "0")


def migrate() -> None:
    """Bring the database's tables up to date; does nothing when they are."""
    VAR.mkdir(parents=True, exist_ok=True)
    run(REMBUG, "migrate", "--noinput", "--verbosity", "0")


def fill() -> None:
    """Load the demo cities and their years, unless the database has cities of its own."""
    run(VENV_BIN / "python", "tools/fill.py", loud=True)


if __name__ == "__main__":
    main(serve)
