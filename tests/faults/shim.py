"""Build the shim (`shim.c`), and start a program under it."""

import os
import shutil
import subprocess
from pathlib import Path

_SOURCE = Path(__file__).with_name("shim.c")
_FLAGS = ("-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror")


class NoCompilerError(Exception):
    """There is nothing here to build the shim with."""


def built_in(folder: Path) -> Path:
    """Return the shim as a library, built in a folder.

    Raises:
        NoCompilerError: there is no C compiler on this machine.
    """
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise NoCompilerError(
            "The power cuts and failing disks need a C compiler, and there is none "
            "here. Install gcc (on Debian: apt install gcc libc6-dev)."
        )
    library = folder / "shim.so"
    subprocess.run(
        [compiler, *_FLAGS, "-o", str(library), str(_SOURCE), "-ldl"], check=True
    )
    return library


def environment(shim: Path, folder: Path, log: Path | None = None) -> dict[str, str]:
    """Return the environment in which a program is watched below a folder."""
    watched = {"LD_PRELOAD": str(shim), "FAULTS_FOLDER": str(folder.resolve())}
    if log is not None:
        watched["FAULTS_LOG"] = str(log)
    # A file of compiled code, written now and then, is nothing we look for.
    return {**os.environ, **watched, "PYTHONDONTWRITEBYTECODE": "1"}
