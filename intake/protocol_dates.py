"""What dates, statuses and addresses of a protocol cannot be.

There is no clock here: what lies in the future is judged by the day from which the
protocol holds, which nobody sets years ahead.
"""

import re
from collections.abc import Iterator

from intake.errors import Problem
from intake.protocol import Protocol

#: Of the oldest thing a clinical bibliography may cite.
_OLDEST = 1800
_ADDRESS = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def date_problems(protocol: Protocol) -> Iterator[Problem]:
    """Yield what cannot be, with the entry it stands in."""
    if protocol.review_by <= protocol.effective:
        what = "review_by lies before effective, or on the same day."
        yield Problem("protocol.toml", what)
    if protocol.status == "reviewed" and not protocol.reviewers:
        what = "status is reviewed, and there is no reviewer."
        yield Problem("protocol.toml", what, 'Name one, or write "proposed".')
    for source in protocol.sources.values():
        where = f"sources.toml, source {source.id}"
        if source.year and not _OLDEST <= source.year <= protocol.effective.year:
            yield Problem(where, f"The year {source.year} cannot be.")
        if source.checked and source.checked > protocol.effective:
            yield Problem(where, "It was checked after the protocol takes effect.")
        scheme = _ADDRESS.match(source.url)
        if scheme and scheme[1].lower() not in ("http", "https"):
            hint = "Write one that begins with https://."
            yield Problem(where, "The url is no address of a page.", hint)
