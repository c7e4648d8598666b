"""Set Thoracic Intake up where it has not been, then open, test or measure it.

Runs on the standard library alone, since it comes before everything else. What it
sets up stands in `.venv` beside this file, and a stamp there says so: a second start
reads four small files and hands over. So keep imports inside the functions that set
up, and keep the syntax old enough for an old Python to be told that it is too old.
"""

from __future__ import annotations

import os
import sys
import zlib

TYPE_CHECKING = False  # as in typing, whose import would cost 10 ms
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OLDEST_PYTHON = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENT = os.path.join(ROOT, ".venv")
ENVIRONMENT_WITHOUT_QT = os.path.join(ROOT, ".venv-noqt")
PACKAGES = ("db", "intake", "reports", "ui")
PROGRAM = "thoracic-intake"

# Exit codes, the same as the program's own.
REFUSED = 2
SURROUNDINGS = 3

USAGE = """\
usage: python3 start.py                  open the program
       python3 start.py test [ARGS]      run all tests, or pytest with ARGS
       python3 start.py bench [ARGS]     measure speed and memory
       python3 start.py mutants [ARGS]   change every rule once: do the cases notice?
       python3 start.py faults [ARGS]    break disk, database and files on purpose
       python3 start.py soak [ARGS]      use it for long
       python3 start.py screenshots [ARGS]   take the pictures of the README
       python3 start.py setup [--dev]    set up only
The first run sets up what is missing."""

MODULES = {
    "bench": "tests.benchmarks",
    "mutants": "tests.mutation",
    "faults": "tests.faults",
    "soak": "tests.soak",
    "screenshots": "tests.screenshots",
}

# What Qt loads at run time, and the Debian package that has it. The second half is
# for a real screen (X or Wayland), the first for drawing at all.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}

# Distributions that the run without Qt must not have, and the tests that need them.
QT_DISTRIBUTIONS = ("pyside6-essentials", "pytest-qt")
NEEDS_QT = ("tests/ui", "tests/faults/test_planted.py")


class SetupError(Exception):
    """Something outside the program is in the way; the text says what to do."""


def main(arguments: Sequence[str]) -> int:
    """Do what was asked for and return the exit code."""
    if sys.version_info < OLDEST_PYTHON:
        say(
            "Thoracic Intake needs Python {}.{} or newer; this is {}.{}. Start it with "
            "a newer one, for example: python3.12 start.py".format(
                *OLDEST_PYTHON, *sys.version_info[:2]
            )
        )
        return SURROUNDINGS
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", ())
    try:
        return dispatch(command, rest)
    except SetupError as error:
        say(str(error))
        return SURROUNDINGS
    except OSError as error:
        say(f"Could not set up in {ROOT}: {error}")
        return SURROUNDINGS
    except KeyboardInterrupt:
        say("Stopped. The next start goes on from here.")
        return 130  # what a shell reports for Ctrl+C


def dispatch(command: str, rest: Sequence[str]) -> int:
    """Carry out one command."""
    if command == "" and not rest:
        return open_program()
    if command == "test":
        return run_tests(rest)
    if command in MODULES:
        return run_module(MODULES[command], rest)
    if command == "setup" and list(rest) in ([], ["--dev"]):
        set_up(development=bool(rest))
        return 0
    if command in ("help", "-h", "--help"):
        print(USAGE)
        return 0
    say(f"start.py does not know '{' '.join([command, *rest])}'.\n{USAGE}")
    return REFUSED


def open_program() -> int:
    """Open the window, or do the sample visit on the console without a screen."""
    screen = has_screen(sys.platform, os.environ)
    prepare("program", needs_qt=screen)
    program = scripts(ENVIRONMENT, PROGRAM)
    if screen:
        return become([program])
    say(
        "There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the "
        "window stays closed.\nThe sample visit on the console instead:"
    )
    return become([program, "sample"])


def run_tests(arguments: Sequence[str]) -> int:
    """Run all tests, or pytest with arguments where there are any.

    Those that need a window run with Qt, and beside them all others where there is no
    Qt, which is how we know that they need none. The lines of the second run are shown
    when the first is through; it is broken off when the first fails: so the last lines
    are always the ones that count.
    """
    set_up(development=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    tests = [python(ENVIRONMENT), "-m", "pytest"]
    if arguments:
        return run([*tests, *arguments], cwd=ROOT)
    import signal
    import subprocess
    import tempfile

    say("The tests that need a window, and beside them all others without Qt:")
    with tempfile.TemporaryFile("w+", encoding="utf-8") as kept:
        beside = subprocess.Popen(
            [python(ENVIRONMENT_WITHOUT_QT), "-m", "pytest"],
            cwd=ROOT,
            stdout=kept,
            stderr=subprocess.STDOUT,
        )
        failed = 1
        try:
            failed = run([*tests, *NEEDS_QT], cwd=ROOT)
        finally:
            if failed:
                # As Ctrl+C does, so that it stops the server that it started.
                beside.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
            without_qt = beside.wait()
        if failed:
            return failed
        say("All others, without Qt:")
        kept.seek(0)
        print(kept.read(), flush=True)
    return without_qt


def run_module(module: str, arguments: Sequence[str]) -> int:
    """Hand over to one of the programs under `tests`."""
    prepare("program", "development", needs_qt=True)
    if not has_screen(sys.platform, os.environ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # -P: the module is found through the environment, not in the current folder.
    return become([python(ENVIRONMENT), "-P", "-m", module, *arguments])


def set_up(*, development: bool) -> None:
    """Make everything ready without starting anything."""
    if not development:
        prepare("program", needs_qt=has_screen(sys.platform, os.environ))
        return
    prepare("program", "development", needs_qt=True)
    prepare_without_qt()


def has_screen(platform: str, environment: Mapping[str, str]) -> bool:
    """Say whether a window can be shown; on Windows and macOS it always can."""
    if not platform.startswith("linux"):
        return True
    # Whoever names a Qt platform has one in mind, with a screen or without.
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(environment.get(name) for name in names)


# What has been set up.


def fingerprint() -> str:
    """Change whenever the environments have to be looked at again.

    That is when a pin, a dependency or this recipe changes, when another Python
    is used, or when the folder has moved, since scripts hold its path. A checksum
    is enough: it guards against change, not against malice.
    """
    checksum = zlib.crc32(ROOT.encode())
    for name in ("start.py", "pyproject.toml", "constraints.txt"):
        with open(os.path.join(ROOT, name), "rb") as file:
            checksum = zlib.crc32(file.read(), checksum)
    return f"{sys.version_info[0]}.{sys.version_info[1]}-{checksum:08x}"


def done(environment: str) -> set[str]:
    """Return which parts of an environment are ready as things stand now."""
    try:
        with open(os.path.join(environment, "set-up"), encoding="utf-8") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return set()
    return set(lines[1:]) if lines and lines[0] == fingerprint() else set()


def mark_done(environment: str, parts: set[str]) -> None:
    """Write the stamp, which is the last thing a set-up does."""
    with open(os.path.join(environment, "set-up"), "w", encoding="utf-8") as file:
        file.write("\n".join([fingerprint(), *sorted(parts)]) + "\n")


def prepare(*parts: str, needs_qt: bool) -> None:
    """Install what is missing of the program's environment and of the system.

    Qt's libraries are looked for in any case, but only `needs_qt` makes their lack
    a failure: the console does without.
    """
    ready = done(ENVIRONMENT)
    if ready.issuperset({*parts, "libraries"}):
        return
    venv = [] if ready.issuperset(parts) else missing_venv()
    libraries = [] if "libraries" in ready else missing_libraries(sys.platform)
    tests = "development" in parts and "development" not in ready
    compiler = missing_compiler(sys.platform) if tests else []
    if venv or libraries or compiler:
        try:
            install_system_packages([*venv, *libraries, *compiler])
            libraries = []
        except SetupError as error:
            if venv or compiler or needs_qt:
                raise
            say(f"{error}\nThat is for the window; the console does without.")
    if not ready.issuperset(parts):
        fill(ENVIRONMENT, required(development="development" in parts))
    mark_done(ENVIRONMENT, {*ready, *parts, *([] if libraries else ["libraries"])})


def prepare_without_qt() -> None:
    """Install a second environment, in which an import of Qt fails."""
    if done(ENVIRONMENT_WITHOUT_QT):
        return
    requirements = required(development=True)
    fill(
        ENVIRONMENT_WITHOUT_QT,
        [r for r in requirements if name_of(r) not in QT_DISTRIBUTIONS],
    )
    mark_done(ENVIRONMENT_WITHOUT_QT, {"development"})


def fill(environment: str, requirements: Sequence[str]) -> None:
    """Make an environment and install requirements and the program in it."""
    say(f"Setting up {environment}. This is done once and takes a minute or two.")
    make_environment(environment)
    constraints = os.path.join(ROOT, "constraints.txt")
    # Built with what is installed here, since pip's own build room ignores the pins.
    install(environment, "--constraint", constraints, "setuptools", *requirements)
    # Editable, so that an edit counts at once.
    install(environment, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    compile_program(environment)


def required(*, development: bool) -> list[str]:
    """Return what pyproject.toml asks for."""
    import tomllib

    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        project = tomllib.load(file)["project"]
    extra = project["optional-dependencies"]["dev"] if development else []
    return [*project["dependencies"], *extra]


def name_of(requirement: str) -> str:
    """Return the distribution's name out of `Name>=1,<2`."""
    import re

    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower()


def make_environment(environment: str) -> None:
    """Make the virtual environment, or keep one that works."""
    current = ".".join(map(str, sys.version_info[:2]))
    probe = (
        "import pip, sys; sys.exit('{}.{}'.format(*sys.version_info) != sys.argv[1])"
    )
    interpreter = python(environment)
    if os.path.exists(interpreter) and not run(
        [interpreter, "-c", probe, current], quiet=True
    ):
        return
    # --clear: a set-up that was broken off leaves half an environment behind.
    if run([sys.executable, "-m", "venv", "--clear", environment]):
        raise SetupError(f"Could not make the virtual environment {environment}.")


def install(environment: str, *arguments: str) -> None:
    """Run pip. `--compile` holds even where PYTHONDONTWRITEBYTECODE is set."""
    pip = [python(environment), "-m", "pip", "--disable-pip-version-check"]
    if run([*pip, "install", "--quiet", "--compile", *arguments]):
        raise SetupError(
            "The set-up could not finish; the lines above say why. If it was the "
            "network, start again when it is back: nothing is lost."
        )


def compile_program(environment: str) -> None:
    """Compile our own packages too; without that, each start takes twice as long."""
    folders = [os.path.join(ROOT, package) for package in PACKAGES]
    present = [folder for folder in folders if os.path.isdir(folder)]
    # A file that does not compile will say so better when it is imported.
    run([python(environment), "-m", "compileall", "-q", *present])


# What the system has.


def missing_venv() -> list[str]:
    """Return the Debian package to install where Python came without `ensurepip`."""
    import importlib.util

    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return []
    major, minor = sys.version_info[:2]
    if os.path.realpath(sys.executable) == os.path.realpath("/usr/bin/python3"):
        return [f"python{major}-venv"]
    return [f"python{major}.{minor}-venv"]


def missing_libraries(platform: str) -> list[str]:
    """Return the Debian packages of the libraries that do not load."""
    if not platform.startswith("linux"):
        return []  # there the Qt wheels bring all they need
    try:
        import ctypes
    except ImportError:
        # Debian's python3-minimal lacks it; apt passes over what is there already.
        return list(QT_LIBRARIES.values())

    missing = []
    for library, package in QT_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def missing_compiler(platform: str) -> list[str]:
    """Return the Debian packages of the compiler with which tests break the disk."""
    import shutil

    if not platform.startswith("linux") or shutil.which("cc") or shutil.which("gcc"):
        return []
    return ["gcc", "libc6-dev"]


def install_system_packages(packages: Sequence[str]) -> None:
    """Install Debian packages, or say how, where that is not ours to do."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not os.access("/usr/bin/apt-get", os.X_OK):
        raise SetupError(
            "This system lacks what these Debian packages hold; install the like of "
            f"them, then start again: {' '.join(packages)}"
        )
    if not is_root:
        raise SetupError(
            "This system lacks packages that only its administrator can install. Run\n"
            f"    sudo apt-get update && sudo {' '.join(command)}\nthen start again."
        )
    say(f"Installing from the system's own packages: {' '.join(packages)}")
    # Nobody is there to answer questions, and another apt may just be at work.
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    wait = ["-o", "DPkg::Lock::Timeout=120", "-qq"]
    if run(["apt-get", *wait, "update"]) or run([*command, *wait]):
        raise SetupError(f"apt-get failed; try by hand: {' '.join(command)}")


# Processes.


def scripts(environment: str, name: str) -> str:
    """Return the path of a program in an environment."""
    if os.name == "nt":
        return os.path.join(environment, "Scripts", f"{name}.exe")
    return os.path.join(environment, "bin", name)


def python(environment: str) -> str:
    """Return the path of an environment's Python."""
    return scripts(environment, "python")


def run(command: Sequence[str], *, cwd: str | None = None, quiet: bool = False) -> int:
    """Run a command to its end and return its exit code."""
    import subprocess

    # Installers chatter on stdout, which is for results alone; they fail on stderr.
    output = None if cwd else subprocess.DEVNULL
    errors = subprocess.DEVNULL if quiet else None
    return subprocess.run(
        command, cwd=cwd, stdout=output, stderr=errors, check=False
    ).returncode


def become(command: Sequence[str]) -> int:
    """Go on as another program, or wait for it where a process cannot change."""
    if os.name != "nt":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(command[0], list(command))  # noqa: S606 - a path of ours, no shell
    return run(command, cwd=os.getcwd())


def say(words: str) -> None:
    """Tell the person at the console."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
