"""However many work on one visit at once, no acknowledged edit is lost."""

from unittest import mock

import pytest

from db import merging
from tests.db.places import Server
from tests.faults import clients

_EDITS = 500
_SEED = 20261125


@pytest.mark.parametrize("count", clients.CLIENTS)
def test_no_acknowledged_edit_is_lost(server: Server, count: int) -> None:
    faults, tally = clients.on(server, _EDITS, _SEED, count)
    assert faults == []
    assert tally.acknowledged == _EDITS
    assert tally.conflicts, "nobody met anybody, so nothing was shown"


def test_without_a_look_at_the_revision_edits_are_lost(server: Server) -> None:
    """Negative control."""
    with mock.patch.object(merging, "conflicts", return_value=[]):
        faults, _ = clients.on(server, _EDITS, _SEED, 10)
    assert any("lost" in fault for fault in faults)
