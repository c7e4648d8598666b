"""Take over the records of an earlier version, which were not encrypted.

They are put aside, copied into a new encrypted file, and compared row by row. When that
is broken off anywhere, the next set-up finds them aside and begins anew.
"""

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlcipher3 import dbapi2 as sqlcipher

from db import failures
from db.location import FILE_NAME, make_private_file

_ASIDE = "before-encryption"
_PLAIN_MAGIC = b"SQLite format 3\0"


def found(folder: Path) -> Path | None:
    """Return the plain records of an earlier version in a folder, or None."""
    aside = sorted(folder.glob(f"{FILE_NAME}-{_ASIDE}-*"), reverse=True)
    return next(filter(_is_plain, (folder / FILE_NAME, *aside)), None)


def put_aside(plain: Path, stamp: str) -> Path:
    """Give plain records a name of their own; return it.

    Raises:
        UserFacingError: they are damaged or in use; nothing was changed.
    """
    with failures.told_plainly(), closing(sqlcipher.connect(plain)) as source:
        if source.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise failures.damaged()
        # All of it in one file, which a single step renames.
        source.execute("PRAGMA journal_mode=DELETE").fetchone()
    if plain.name != FILE_NAME:
        return plain
    return plain.replace(plain.with_name(f"{FILE_NAME}-{_ASIDE}-{stamp}"))


def take_over(plain: Path, key: bytes) -> None:
    """Put an encrypted copy of plain records in place, whole or not at all.

    Args:
        plain: the records of the earlier version, put aside; they are only read.
        key: what the copy is encrypted with.

    Raises:
        UserFacingError: they are damaged, in use, or the disk is full.
    """
    with TemporaryDirectory(dir=plain.parent, prefix=".unfinished-") as folder:
        copy = Path(folder) / FILE_NAME
        make_private_file(copy)
        with failures.told_plainly(), closing(sqlcipher.connect(plain)) as source:
            source.isolation_level = None
            source.execute(f"ATTACH ? AS kept KEY \"x'{key.hex()}'\"", (str(copy),))
            source.execute("SELECT sqlcipher_export('kept')").fetchone()
            is_same = _digest(source, "main") == _digest(source, "kept")
            source.execute("DETACH kept")
        if not is_same:
            raise failures.damaged()
        copy.replace(plain.with_name(FILE_NAME))


def _is_plain(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_PLAIN_MAGIC)) == _PLAIN_MAGIC
    except OSError:
        return False


def _digest(source: sqlcipher.Connection, schema: str) -> str:
    """Return a digest of everything: the tables and triggers, and every row."""
    digest = sha256()
    for line in _everything(source, schema):
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


def _everything(source: sqlcipher.Connection, schema: str) -> Iterator[str]:
    master = f"SELECT type, name, sql FROM {schema}.sqlite_master "  # noqa: S608  (main or kept)
    made = source.execute(master + "WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    things = made.fetchall()
    yield repr(things)
    for kind, name, _ in things:
        if kind == "table":
            yield name
            rows = source.execute(f'SELECT * FROM {schema}."{name}" ORDER BY rowid')  # noqa: S608  (named by the file itself)
            yield from map(repr, rows)
