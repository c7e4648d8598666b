"""The bytes: always the same, always complete, whatever was typed."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.documents import PdfDocuments
from reports.unprintable import UnprintableTextError
from tests.reports.records import (
    SOMEBODY,
    letter_text,
    record,
    sample,
    summary_text,
    text_of,
    typed,
)

KINDS = ("summary", "letter")
PROGRAM = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from tests.reports.records import sample
from reports.documents import PdfDocuments
documents = PdfDocuments()
for kind in ("summary", "letter"):
    print(hashlib.sha256(getattr(documents, kind)(sample())).hexdigest())
"""


def make(kind: str) -> bytes:
    content: bytes = getattr(PdfDocuments(), kind)(sample())
    return content


def test_two_processes_give_the_same_bytes() -> None:
    """Neither hash order nor what was printed before may show in a document."""
    root = str(Path(__file__).parents[2])

    def run(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, root],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        ).stdout

    assert run("1") == run("2")


@pytest.mark.parametrize("kind", KINDS)
def test_language_and_title_are_set(kind: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(make(kind)))

    assert reader.trailer["/Root"]["/Lang"] == "en-US"  # type: ignore[index]  # pypdf's objects
    assert reader.metadata is not None
    assert reader.metadata.title is not None
    assert reader.metadata.title.endswith("Nguyễn-Łukasz, Maria")


def test_a_character_that_cannot_be_drawn_stops_the_document() -> None:
    with pytest.raises(UnprintableTextError):
        PdfDocuments().letter(typed("thanks \U0001f600"))


def test_the_digest_changes_with_an_answer() -> None:
    one = summary_text(record({"general.fever": "no"}))
    other = summary_text(record({"general.fever": "unsure"}))
    assert one.rpartition("Record ")[2] != other.rpartition("Record ")[2]


@given(
    st.text(
        alphabet=st.characters(codec="utf-8"),
        max_size=200,
    ).filter(lambda text: "\0" not in text)
)
@settings(max_examples=25)
def test_any_text_can_be_printed(text: str) -> None:
    """Names come from everywhere, and from clipboards."""
    documents = PdfDocuments(code_points=True)
    made = typed(text)
    assert documents.summary(made).startswith(b"%PDF")
    assert documents.letter(made).startswith(b"%PDF")


@given(st.text(alphabet="abcß éłńżếАЯΩ&<>\"'%", min_size=1, max_size=60))
@settings(max_examples=25)
def test_a_reason_is_found_again_in_the_text(reason: str) -> None:
    """What the patient said is in the summary, letter by letter."""
    words = " ".join(reason.split())
    text = summary_text(record({"reason.in_patients_words": reason}))
    assert f"“{words}”".replace(" ", "") in text.replace(" ", "")


def test_words_stay_apart_where_a_line_ends() -> None:
    """Read out without the space, "no" and "trauma" would be one word."""
    text = text_of(
        PdfDocuments().summary(record({"reason.in_patients_words": "no trauma " * 60}))
    )
    assert "notrauma" not in text
    assert "traumano" not in text


def test_a_record_without_a_name_is_printed_too() -> None:
    nobody = replace(
        SOMEBODY, family_name="", given_name="", birth_date="", chart_number=""
    )
    text = letter_text(record({}, nobody))
    for words in (
        "Name not recorded",
        "birth date not recorded",
        "Chart number: not recorded",
    ):
        assert words in text
