"""A real server in a process of its own, and a client that counts answers."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 4


def environment(var: Path, **more: str) -> dict[str, str]:
    """Settings of a scratch installation whose data lie in `var`."""
    return {
        **os.environ,
        "REMBUG_VAR": str(var),
        "REMBUG_MEDIA": str(var / "media"),
        "DATABASE_URL": f"sqlite:///{var / 'rembug.sqlite3'}",
        **more,
    }


def rembug(var: Path, *words: str) -> str:
    """Run a command of the project; returns what it printed."""
    run = subprocess.run(
        [sys.executable, "-m", "rembug.cli", *words],
        cwd=ROOT,
        env=environment(var),
        check=True,
        capture_output=True,
        text=True,
    )
    return run.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(app: str, env: dict[str, str], workers: int = 2) -> Iterator[int]:
    """The application under granian on a free port, as `make run` serves it."""
    port = free_port()
    server = subprocess.Popen(
        [
            sys.executable,
            *("-m", "granian", "--interface", "wsgi", app, "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", str(workers), "--no-ws"),
            *("--workers-kill-timeout", "5"),
        ],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(port: int, seconds: float = 60) -> None:
    """Until the port answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no server on port {port}")


def rate(port: int, path: str, seconds: float = 3, rounds: int = 3) -> float:
    """Answers a second to one page, the median of some rounds; anything but 200 is an error."""
    _hammer(port, path, 1)
    return statistics.median(_hammer(port, path, seconds) for _ in range(rounds))


def _hammer(port: int, path: str, seconds: float) -> float:
    counts, faults = [0] * CLIENTS, []
    until = time.monotonic() + seconds

    def client(n: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < until:
            line.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = line.getresponse()
            answer.read()
            if answer.status != 200:
                faults.append(answer.status)
                return
            counts[n] += 1
        line.close()

    began = time.monotonic()
    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(f"{path}: {faults[0]}")
    return sum(counts) / (time.monotonic() - began)
