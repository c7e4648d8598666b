"""The background writer: in order, acknowledged, and nothing lost."""

import errno
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from intake.answers import AnswerChange
from intake.confirmations import Confirmation
from intake.decisions import Decision, Grounds
from intake.errors import InputRefusedError, Problem, UserFacingError
from intake.patient import Patient
from intake.people import NotPermittedError, Person
from intake.ports import ConflictError
from intake.protocol import Tier
from intake.tell_now import Told
from intake.visit import Visit
from tests.ui.fakes import MemoryStore, someone_elses_change
from tests.ui.visits import NOW, TODAY, StoppedClock
from ui import draft
from ui.draft import (
    Changes,
    NewConfirmations,
    NewDecision,
    NewPatient,
    NewTold,
    NewVisit,
    SetAside,
)
from ui.saving import Saver

LOCKED = UserFacingError("database_locked", "The records are locked.", "Wait.")


def _change(question: str, new: object, old: object = None) -> AnswerChange:
    at = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    return AnswerChange(question, old, new, "Sam", "desk", at, "desk")


@pytest.fixture
def store() -> MemoryStore:
    """Return a store with one open visit."""
    store = MemoryStore()
    store.open_visit(Visit("v1", "p1", TODAY, NOW, "p", "1", "d"))
    return store


@pytest.fixture
def saver(store: MemoryStore, tmp_path: Path) -> Iterator[Saver]:
    """Return a writer that is closed again after the test."""
    saver = Saver(lambda: store, tmp_path, StoppedClock())
    yield saver
    store.failing = None
    saver.close()


def test_a_change_is_acknowledged_when_the_store_has_it(
    qtbot: QtBot, saver: Saver, store: MemoryStore
) -> None:
    """'Saved' must never be said before it is true."""
    heard: list[object] = []
    saver.saved.connect(
        lambda _time: heard.append(store.visits["v1"].answers.as_dict())
    )
    with qtbot.waitSignal(saver.saved, timeout=2000):
        saver.start()
        saver.save("v1", [_change("general.fever", "no")])
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [{"general.fever": "no"}]


def test_changes_typed_before_the_store_is_open_are_stored(
    qtbot: QtBot, saver: Saver, store: MemoryStore
) -> None:
    """The form is painted before the records are open."""
    for number in range(20):
        saver.save("v1", [_change("pain.now", number % 11)])
    with qtbot.waitSignal(saver.saved, timeout=2000):
        saver.start()
    assert len(store.changes_of("v1")) == 20
    assert store.visits["v1"].answers["pain.now"] == 19 % 11


def test_what_cannot_be_stored_is_tried_again_and_kept_as_a_draft(
    qtbot: QtBot, saver: Saver, store: MemoryStore, tmp_path: Path
) -> None:
    """A locked file is a pause, not a loss."""
    store.failing = LOCKED
    with qtbot.waitSignal(saver.failed, timeout=2000) as failed:
        saver.start()
        saver.save("v1", [_change("general.fever", "yes")])
    assert failed.args == [LOCKED, True]
    qtbot.waitUntil(lambda: bool(draft.read(tmp_path)))
    store.failing = None
    with qtbot.waitSignal(saver.saved, timeout=4000):
        pass
    assert store.visits["v1"].answers["general.fever"] == "yes"
    qtbot.waitUntil(lambda: draft.read(tmp_path) == [])


def test_a_draft_left_by_an_earlier_run_is_stored_first(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path
) -> None:
    """The program was closed while the disk was full."""
    store.failing = LOCKED
    first = Saver(lambda: store, tmp_path, StoppedClock())
    with qtbot.waitSignal(first.failed, timeout=2000):
        first.start()
        first.save("v1", [_change("cancer.history", "yes")])
    first.close()
    store.failing = None
    second = Saver(lambda: store, tmp_path, StoppedClock())
    with qtbot.waitSignal(second.saved, timeout=2000):
        second.start()
    second.close()
    assert store.visits["v1"].answers["cancer.history"] == "yes"
    assert draft.read(tmp_path) == []


def test_the_draft_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    """It holds answers of patients."""
    draft.write(tmp_path, [Changes("v1", 0, [_change("general.fever", "yes")])])
    mode = (tmp_path / draft.FILE_NAME).stat().st_mode & 0o777
    assert mode == 0o600


def test_a_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    """Every field of every change survives."""
    words = "\u00fc \U0001f600 <b> \ud800"
    visit = Visit("v1", "p1", TODAY, NOW, "p", "1", "d")
    pending: list[draft.Entry] = [
        NewPatient(Patient("p1", family_name="Mor\u00e9no", stated_age=34)),
        NewVisit(visit),
        Changes("v1", 3, [_change("reason.in_patients_words", words)]),
        NewConfirmations("v1", [Confirmation("k1", "pain.now", 4, NOW, words, NOW)]),
        NewTold("v1", Told("t1", 8, ("pain.now=4", "x=y"), words, "Dee", NOW), "dee"),
    ]
    draft.write(tmp_path, pending)
    assert draft.read(tmp_path) == pending


def test_a_draft_that_cannot_be_read_is_put_aside_not_removed(
    qtbot: QtBot, saver: Saver, tmp_path: Path
) -> None:
    """The records open all the same, and somebody is told."""
    (tmp_path / draft.FILE_NAME).write_text('[{"visit": "v1"}', encoding="ascii")
    with qtbot.waitSignals([saver.noticed, saver.opened], timeout=2000):
        saver.start()
    (aside,) = tmp_path.glob("*-unreadable-*.json")
    assert aside.read_text(encoding="ascii") == '[{"visit": "v1"}'


def test_a_patient_registered_while_the_disk_is_full_is_there_after_a_restart(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path
) -> None:
    """Without patient and visit in the draft the answers would have no home."""
    store.failing = LOCKED
    first = Saver(lambda: store, tmp_path, StoppedClock())
    with qtbot.waitSignal(first.failed, timeout=2000):
        first.start()
        first.register(Patient("p2", family_name="Okafor"))
        first.open_visit(Visit("v2", "p2", TODAY, NOW, "p", "1", "d"))
        first.save("v2", [_change("cancer.history", "yes")])
    first.close()
    store.failing = None
    second = Saver(lambda: store, tmp_path, StoppedClock())
    with qtbot.waitSignal(second.saved, timeout=2000):
        second.start()
    second.close()
    assert store.patients["p2"].family_name == "Okafor"
    assert store.visits["v2"].answers["cancer.history"] == "yes"


def test_answers_for_a_visit_that_is_gone_stay_in_the_draft(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path
) -> None:
    """Somebody put older records back; the rest must still be saved."""
    draft.write(tmp_path, [Changes("gone", 0, [_change("general.fever", "yes")])])
    saver = Saver(lambda: store, tmp_path, StoppedClock())
    saver.save("v1", [_change("general.fatigue", "no")])
    with qtbot.waitSignals([saver.noticed, saver.saved], timeout=2000):
        saver.start()
    saver.close()
    assert store.visits["v1"].answers["general.fatigue"] == "no"
    (kept,) = draft.read(tmp_path)
    assert isinstance(kept, Changes)
    assert kept.visit_id == "gone"


def test_records_that_cannot_be_opened_are_tried_again(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path
) -> None:
    """The other program is closed a minute later; nobody has to start again."""
    tries: list[int] = []

    def late() -> MemoryStore:
        tries.append(1)
        if len(tries) == 1:
            raise LOCKED
        return store

    saver = Saver(late, tmp_path, StoppedClock())
    saver.save("v1", [_change("general.fever", "no")])
    with qtbot.waitSignals([saver.unavailable, saver.saved], timeout=4000):
        saver.start()
    saver.close()
    assert store.visits["v1"].answers["general.fever"] == "no"


def test_when_nothing_can_be_kept_closing_says_so_and_goes_on_trying(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window must stay open: it is the only place the answer is in."""

    def full(_folder: Path, _entries: Sequence[draft.Entry], _seal: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    store.failing = LOCKED
    saver = Saver(lambda: store, tmp_path, StoppedClock())
    with monkeypatch.context() as patch:
        patch.setattr(draft, "write", full)
        with qtbot.waitSignal(saver.failed, timeout=2000) as failed:
            saver.start()
            saver.save("v1", [_change("general.fever", "yes")])
        assert failed.args == [LOCKED, False]
        with pytest.raises(OSError, match="full"):
            saver.close()
        # Backups, and the mark that it is in use, go on.
        shut = [store.closed]
        store.failing = None
        with qtbot.waitSignal(saver.saved, timeout=4000):
            pass
    saver.close()
    shut.append(store.closed)
    assert shut == [False, True]
    assert store.visits["v1"].answers["general.fever"] == "yes"


def test_a_conflict_keeps_theirs_and_names_both(
    qtbot: QtBot, saver: Saver, store: MemoryStore
) -> None:
    """Nobody's answer disappears unseen; other answers of the batch are stored."""
    saver.backlog.know(store.visits["v1"])
    someone_elses_change(store, "v1", "general.fever")
    with qtbot.waitSignal(saver.conflicted, timeout=2000) as conflicted:
        saver.save(
            "v1", [_change("general.fever", "yes"), _change("general.fatigue", "no")]
        )
        saver.start()
    visit_id, error = conflicted.args
    assert visit_id == "v1"
    assert isinstance(error, ConflictError)
    assert [(c.question, c.theirs, c.ours) for c in error.conflicts] == [
        ("general.fever", "no", "yes")
    ]
    qtbot.waitUntil(lambda: "general.fatigue" in store.visits["v1"].answers)
    assert store.visits["v1"].answers["general.fever"] == "no"


def test_each_entry_is_stored_for_whoever_made_it(
    qtbot: QtBot, saver: Saver, store: MemoryStore
) -> None:
    """Somebody else signs in while the disk is full; whose work it was stays."""
    saver.register(Patient("p2", family_name="Okafor"), "ann")
    saver.open_visit(Visit("v2", "p2", TODAY, NOW, "p", "1", "d"), "ann")
    saver.save("v1", [_change("general.fever", "yes")], "ann")
    saver.save("v1", [_change("general.fatigue", "no")], "bob")
    with qtbot.waitSignal(saver.saved, timeout=2000):
        saver.start()
    assert store.by == ["ann", "ann", "ann", "bob"]


def test_who_made_it_is_in_the_draft(tmp_path: Path) -> None:
    pending: list[draft.Entry] = [
        NewPatient(Patient("p1"), "ann"),
        NewVisit(Visit("v1", "p1", TODAY, NOW, "p", "1", "d"), "bob"),
        Changes("v1", 3, [_change("general.fever", "yes")], "cleo"),
        SetAside("v1", _change("general.fever", "no"), "dee"),
    ]
    draft.write(tmp_path, pending)
    assert draft.read(tmp_path) == pending


def test_a_draft_that_does_not_say_who_is_still_read(tmp_path: Path) -> None:
    """Drafts of the first version."""
    draft.write(tmp_path, [Changes("v1", 3, [_change("general.fever", "yes")], "x")])
    file = tmp_path / draft.FILE_NAME
    file.write_text(file.read_text().replace(', "by": "x"', ""))
    (kept,) = draft.read(tmp_path)
    assert isinstance(kept, Changes)
    assert kept.by == ""


_EVE = Person("eve", "Eve", frozenset())


@pytest.mark.parametrize(
    "error",
    [
        NotPermittedError(_EVE, "record_examination"),
        InputRefusedError([Problem("general.fever", "It is no answer.")]),
    ],
    ids=["not permitted", "no answer"],
)
def test_what_nobody_here_may_store_is_kept_and_holds_up_nothing(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path, error: UserFacingError
) -> None:
    """Somebody lost a role while the disk was full, or the protocol changed."""
    left = _EVE

    class Strict(MemoryStore):
        def on_behalf_of(self, person_id: str) -> MemoryStore:
            if person_id == left.id:
                raise error
            return store

    saver = Saver(Strict, tmp_path, StoppedClock())
    saver.save("v1", [_change("general.fever", "yes")], left.id)
    saver.save("v1", [_change("general.fatigue", "no")], "bob")
    with qtbot.waitSignals([saver.noticed, saver.saved], timeout=2000):
        saver.start()
    saver.close()
    assert store.visits["v1"].answers.as_dict() == {"general.fatigue": "no"}
    (kept,) = draft.read(tmp_path)
    assert isinstance(kept, Changes)
    assert kept.by == left.id


def test_an_answer_that_meets_a_signed_visit_is_kept_beside_it(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path
) -> None:
    """It would be tried for ever, and hold up everything behind it."""

    class Signed(MemoryStore):
        def record(self, *_: object) -> Visit:
            raise UserFacingError("visit_signed", "It is signed.", "Add to it.")

    signed = Signed()
    saver = Saver(lambda: signed, tmp_path, StoppedClock())
    saver.save("v1", [_change("general.fever", "no"), _change("general.fever", "yes")])
    with qtbot.waitSignals([saver.noticed, saver.saved], timeout=2000):
        saver.start()
    saver.close()
    (kept,) = signed.answers_set_aside("v1")
    assert kept.new == "yes"
    assert draft.read(tmp_path) == []


def test_a_store_that_cannot_be_opened_loses_nothing(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """What is typed meanwhile ends in the draft."""

    def broken() -> MemoryStore:
        raise UserFacingError("database_damaged", "The file is damaged.", "Restore.")

    saver = Saver(broken, tmp_path, StoppedClock())
    with qtbot.waitSignal(saver.unavailable, timeout=2000):
        saver.start()
    saver.save("v1", [_change("general.fever", "yes")])
    saver.close()
    (kept,) = draft.read(tmp_path)
    assert isinstance(kept, Changes)
    assert kept.visit_id == "v1"


def test_closing_stores_what_waits(saver: Saver, store: MemoryStore) -> None:
    """The window is closed right after the last key."""
    saver.start()
    saver.save("v1", [_change("general.fever", "no")])
    saver.close()
    assert store.visits["v1"].answers["general.fever"] == "no"
    assert store.closed


def test_another_programs_draft_is_left_alone(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path
) -> None:
    """A second window kept its answers there; closing this one must not take them."""
    saver = Saver(lambda: store, tmp_path, StoppedClock())
    with qtbot.waitSignal(saver.opened, timeout=2000):
        saver.start()
    theirs = tmp_path / draft.FILE_NAME
    theirs.write_text("[]", encoding="utf-8")
    saver.close()
    assert theirs.exists()


def _decision(identity: str = "d1", words: str = "h\u00e4 \ud800 <b>") -> Decision:
    grounds = Grounds(Tier.SAME_DAY, ("r1",), {"pain.now": {"left": 7}}, "digest")
    return Decision(identity, "imaging.mri", "declined", grounds, "Sam", NOW, words)


def test_a_decision_made_while_the_disk_is_full_survives_a_crash(
    qtbot: QtBot, store: MemoryStore, tmp_path: Path
) -> None:
    """It is in the draft before the program ends, whatever ends it, and comes back."""
    store.failing = UserFacingError("disk_full", "The disk is full.", "Free some.")
    first = Saver(lambda: store, tmp_path, StoppedClock())
    with qtbot.waitSignal(first.failed, timeout=2000) as failed:
        first.start()
        first.decide("v1", _decision(), "sam")
    assert failed.args is not None
    assert failed.args[1], "a draft is on the disk"
    # As after a crash: what another start reads is the file, and nothing else.
    assert draft.read(tmp_path) == [NewDecision("v1", _decision(), "sam")]
    first.close()
    store.failing = None
    second = Saver(lambda: store, tmp_path, StoppedClock())
    with qtbot.waitSignal(second.saved, timeout=2000):
        second.start()
    second.close()
    assert store.decisions_of("v1") == [_decision()]
    assert store.by[-1] == "sam"
    assert draft.read(tmp_path) == []


def test_a_decision_taken_over_twice_is_stored_once(
    qtbot: QtBot, saver: Saver, store: MemoryStore
) -> None:
    with qtbot.waitSignal(saver.saved, timeout=2000):
        saver.start()
        saver.decide("v1", _decision())
        saver.decide("v1", _decision())
    qtbot.waitUntil(lambda: saver.pending() == [])
    assert store.decisions_of("v1") == [_decision()]


def test_a_decision_that_waits_is_among_those_of_its_visit(saver: Saver) -> None:
    saver.decide("v1", _decision())
    assert saver.backlog.decisions_of("v1") == [_decision()]
    assert saver.backlog.decisions_of("v2") == []
    assert saver.backlog.waits_for("v1")


def test_a_decision_behind_a_signature_is_kept_and_told(
    qtbot: QtBot, saver: Saver, store: MemoryStore
) -> None:
    store.visits["v1"] = replace(store.visits["v1"], state="signed")
    with qtbot.waitSignal(saver.noticed, timeout=2000) as told:
        saver.start()
        saver.decide("v1", _decision())
    assert told.args is not None
    assert told.args[0].code == "decided_late"
    assert [one.is_late for one in store.decisions_of("v1")] == [True]


def test_a_confirmation_and_a_note_of_who_was_told_are_stored_once(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """A draft may hold what an earlier run had stored."""
    store = MemoryStore()
    store.patients["p1"] = Patient("p1")
    store.visits["v1"] = Visit("v1", "p1", TODAY, NOW, "p", "1", "d")
    given = Confirmation("k1", "pain.now", 4, NOW, "Sam", NOW)
    told = Told("t1", 8, ("pain.now=4",), "Dr. Kim", "Dee", NOW)
    saver = Saver(lambda: store, tmp_path, StoppedClock())
    for _ in range(2):
        saver.confirm("v1", [given], "sam")
        saver.note_told("v1", told, "dee")
    assert saver.backlog.confirmations_of("v1") == [given, given]
    with qtbot.waitSignal(saver.saved, timeout=2000):
        saver.start()
    saver.close()
    assert store.confirmations == [("v1", given)]
    assert store.told == [("v1", told)]
    assert store.visits["v1"].revision == 1
    assert {"sam", "dee"} <= set(store.by)


def test_a_confirmation_that_comes_after_the_signature_is_told(
    qtbot: QtBot, tmp_path: Path
) -> None:
    store = MemoryStore()
    visit = Visit("v1", "p1", TODAY, NOW, "p", "1", "d", state="signed")
    store.visits["v1"] = visit
    saver = Saver(lambda: store, tmp_path, StoppedClock())
    saver.confirm("v1", [Confirmation("k1", "pain.now", 4, NOW, "Sam", NOW)], "sam")
    with qtbot.waitSignal(saver.noticed, timeout=2000) as told:
        saver.start()
    saver.close()
    assert told.args[0].code == "confirmed_late"
    assert [one.is_late for _, one in store.confirmations] == [True]
