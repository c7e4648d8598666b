"""The page for a clinician's review: all of the protocol, as sound HTML."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from functools import cache
from html.parser import HTMLParser
from types import MappingProxyType

import pytest

from intake.codes import FORMS, Code
from intake.expression import Expression
from intake.protocol import Citation, Protocol, Reviewer
from intake.protocol_loader import DEFAULT_FOLDER
from reports.protocol_page.changes import changes_part
from reports.protocol_page.markup import Html, tag
from reports.protocol_page.page import protocol_page
from tests.intake.small import small_protocol
from tests.reports.records import PROTOCOL

ON = date(2026, 11, 25)
CHANGES = (DEFAULT_FOLDER / "CHANGES.md").read_text(encoding="utf-8")
VOID = {"meta", "br", "hr"}
#: Fields that steer the program or that the page says in words of its own.
NOT_TEXT = {
    "kind", "question_class", "who", "step", "scale", "strength", "read", "effect",
    "thrust", "system", "url", "doi", "section", "concern", "none_option",
    "confirm_row", "verified", "source", "radiation_source", "action", "part_of",
    "only_with", "covered_by", "result", "since", "product", "answered_by",
    "pertinent_negatives", "ids", "units", "unit", "ratings", "disputed",
    "completed", "category",
}  # fmt: skip


@cache
def page() -> str:
    return protocol_page(PROTOCOL, CHANGES, ON).decode()


class Reader(HTMLParser):
    """Reads a page as a validator does; `faults` says what is wrong with it."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.headings: list[int] = []
        self.said: list[str] = []

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if name not in VOID:
            self.open.append(name)
        if name in ("script", "img", "link", "iframe", "object", "embed"):
            self.faults.append(f"{name} is loaded from elsewhere or run")
        if any(key.startswith("on") or key in ("src", "style") for key in values):
            self.faults.append(f"{name} has {sorted(values)}")
        self._note(name, values)

    def _note(self, name: str, values: dict[str, str]) -> None:
        if name == "th" and values.get("scope") not in ("row", "col"):
            self.faults.append("a th says not what it is the head of")
        if name == "html" and not values.get("lang"):
            self.faults.append("no language")
        if "id" in values:
            self.ids.append(values["id"])
        if name == "a":
            self.targets.append(values.get("href", ""))
        if re.fullmatch("h[1-6]", name):
            self.headings.append(int(name[1]))

    def handle_endtag(self, name: str) -> None:
        if not self.open or self.open.pop() != name:
            self.faults.append(f"{name} is closed and was not open")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.said.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    reader.faults += [f"{name} is never closed" for name in reader.open]
    twice = {i for i in reader.ids if reader.ids.count(i) > 1} if reader.ids else set()
    reader.faults += [f"two places are called {i}" for i in sorted(twice)]
    for target in sorted(set(reader.targets) - {f"#{i}" for i in reader.ids}):
        if not target.startswith(("http://", "https://")):
            reader.faults.append(f"no place is called {target}")
    if reader.headings[:1] != [1] or reader.headings.count(1) != 1:
        reader.faults.append("there is not one h1 at the top")
    for before, after in zip(reader.headings, reader.headings[1:], strict=False):
        if after > before + 1:
            reader.faults.append(f"h{after} follows h{before}")
    return reader


def flat(text: str) -> str:
    """Return text as one line, without regard to case."""
    return " ".join(text.split()).casefold()


def texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text that an entry holds, with its place."""
    if isinstance(value, Expression):
        value = value.text
    if isinstance(value, str):
        yield place, value
    for name, inner in inside(value):
        if name not in NOT_TEXT:
            yield from texts(inner, f"{place}.{name}")


def inside(value: object) -> Iterator[tuple[str, object]]:
    """Yield the parts of an entry, a list or a table, each with its name."""
    if is_dataclass(value):
        yield from ((f.name, getattr(value, f.name)) for f in fields(value))
    elif isinstance(value, Mapping):
        yield from ((str(key), inner) for key, inner in value.items())
    elif isinstance(value, tuple):
        yield from ((str(place), inner) for place, inner in enumerate(value))


def left_out(protocol: Protocol, html: str) -> list[str]:
    """Return the places of which the page does not say the text."""
    said = flat(" ".join(read(html).said))
    joined = flat("".join(read(html).said))
    return [
        f"{place}: {text}"
        for place, text in texts(protocol)
        if (wanted := flat(text).removesuffix("."))
        and wanted not in joined
        and wanted not in said
    ]


@pytest.mark.parametrize("protocol", [PROTOCOL, small_protocol()])
def test_the_page_is_sound(protocol: Protocol) -> None:
    """It opens everywhere, needs nothing else, and a screen reader finds its way."""
    html = protocol_page(protocol, CHANGES, ON).decode()
    assert html.startswith("<!DOCTYPE html>\n<html ")
    assert read(html).faults == []
    assert "url(" not in html
    assert "@import" not in html


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("</main>", "", "main is closed"),
        ('lang="en-US"', "", "no language"),
        ("<main>", "<main><script>1</script>", "script is loaded"),
        (
            "<main>",
            '<main><a href="javascript:1">x</a>',
            "no place is called javascript",
        ),
        ("<main>", '<main onclick="x">', "main has ['onclick']"),
        ("<h2", "<h3></h3><h2", "h3 follows h1"),
        ("<h2", "<h1></h1><h2", "there is not one h1"),
        ('scope="row"', "", "a th says not"),
        ('id="findings"', "", "no place is called #findings"),
        ('id="findings"', 'id="actions"', "two places are called actions"),
    ],
)
def test_what_is_unsound_would_be_noticed(old: str, new: str, words: str) -> None:
    """The negative control of the test above."""
    assert old in page()
    faults = read(page().replace(old, new, 1)).faults
    assert [fault for fault in faults if words in fault] or (
        words.startswith("main is") and faults
    )


@pytest.mark.parametrize("protocol", [PROTOCOL, small_protocol()])
def test_no_text_of_the_protocol_is_left_out(protocol: Protocol) -> None:
    """Whoever signs has seen everything: rules, notes, sources, questions, options."""
    assert left_out(protocol, protocol_page(protocol, CHANGES, ON).decode()) == []


def test_a_text_left_out_would_be_noticed() -> None:
    """The negative control of the test above."""
    rule = PROTOCOL.rules[0]
    short = page().replace(f"{rule.number} {rule.because}</h4>", "</h4>")
    assert short != page()
    place = f".concerns.{rule.concern}.rules.0.because"
    assert left_out(PROTOCOL, short) == [f"{place}: {rule.because}"]


def test_the_clinical_history_is_there() -> None:
    said = flat(" ".join(read(page()).said))
    for line in CHANGES.splitlines()[1:]:
        for words in re.split(r"\*\*|\*|`", line.lstrip("-# ")):
            assert flat(words) in said


def test_each_entry_with_a_status_has_a_box_for_the_review() -> None:
    entries = (
        *PROTOCOL.rules,
        *PROTOCOL.scope,
        *PROTOCOL.thrust_cautions,
        *PROTOCOL.not_suggested,
        *PROTOCOL.actions,
    )
    assert page().count('class="review"') == len(entries)
    assert page().count("Initials") == len(entries)


def test_every_citation_says_how_far_it_was_verified() -> None:
    citations = sum(isinstance(value, Citation) for value in _values(PROTOCOL.concerns))
    found = len(re.findall(r"\[(V|V2|C|U|P), ", page()))
    assert citations > 500
    assert found >= citations


def _values(value: object) -> Iterator[object]:
    yield value
    for _, inner in inside(value):
        yield from _values(inner)


def test_figures_from_low_back_pain_are_marked() -> None:
    marked = sum(e.low_back for c in PROTOCOL.concerns.values() for e in c.evidence)
    assert marked
    assert page().count("[from low back pain]") >= marked


def test_codes_stand_with_what_they_code() -> None:
    codes = {
        v
        for v in _values((PROTOCOL.questions, PROTOCOL.actions))
        if isinstance(v, Code)
    }
    assert codes
    names = {form.url: name for name, form in FORMS.items()}
    for code in codes:
        assert f"{names[code.system]} {code.code}, " in page()


def test_a_rule_reads_as_a_clinician_speaks() -> None:
    text = flat(" ".join(read(page()).said))
    start = text.index("known cancer with back pain and a nerve symptom")
    entry = text[start : text.index("your review", start)]
    for words in (
        "urgency same day: emergency department or on-call specialist today",
        "strength strong",
        "when all of: cancer, now or ever any of: weak, numb or tingling leg",
        "cancer_history and (leg_nerve or",
        "then phone the oncologist on call",
        "s31 nice, 2008, key priorities: contact the coordinator immediately [v, read",
        "status proposed cord.cancer_and_neurology",
    ):
        assert words in entry, words


def test_warnings_stand_at_the_top() -> None:
    last = PROTOCOL.review_by
    assert PROTOCOL.warning in page()
    assert "Rules out of date" not in protocol_page(PROTOCOL, "", last).decode()
    late = protocol_page(PROTOCOL, "", last + timedelta(days=1)).decode()
    assert "Rules out of date" in late[: late.index("<nav")]


def test_a_reviewed_rule_says_by_whom_and_when() -> None:
    concern = PROTOCOL.concerns["cord_compression"]
    reviewed = replace(
        concern.rules[0], status="reviewed", reviewer="A B, DC", reviewed_on=ON
    )
    concerns = {concern.id: replace(concern, rules=(reviewed,))}
    protocol = replace(
        PROTOCOL,
        concerns=MappingProxyType({**PROTOCOL.concerns, **concerns}),
        reviewers=(Reviewer("A B", "FL 1", ON),),
    )
    html = protocol_page(protocol, "", ON).decode()
    assert "reviewed by A B, DC, Nov 25, 2026" in html
    assert "A B, license FL 1, Nov 25, 2026" in html
    assert PROTOCOL.warning not in html


def test_whatever_a_file_holds_is_text_and_never_markup() -> None:
    """A protocol comes from a folder: anybody may have written it."""
    nasty = "<script>alert(1)</script>&\"'</style>"
    concern = PROTOCOL.concerns["cord_compression"]
    rule = replace(concern.rules[0], because=nasty, note=nasty, number=nasty)
    source = replace(PROTOCOL.sources["S31"], title=nasty, url="javascript:alert(1)")
    question = replace(PROTOCOL.questions["cancer.history"], label=nasty, help=nasty)
    protocol = replace(
        PROTOCOL,
        title=nasty,
        concerns={**PROTOCOL.concerns, concern.id: replace(concern, rules=(rule,))},
        sources={**PROTOCOL.sources, "S31": source},
        questions={**PROTOCOL.questions, question.id: question},
    )
    html = protocol_page(protocol, f"## {nasty}\n\n- {nasty}", ON).decode()
    assert "<script" not in html
    assert read(html).faults == []
    assert "".join(read(html).said).count(nasty) >= 6


def test_history_is_read_as_far_as_it_is_understood() -> None:
    text = "# Title\n\n## One, *two*\n\nA **bold** `word`.\n\n- a\n  b\n- c < d\n"
    assert changes_part(text) == (
        "<h3>One, <i>two</i></h3><p>A <b>bold</b> <code>word</code>.</p>"
        "<ul><li>a b</li><li>c &lt; d</li></ul>"
    )
    assert changes_part("") == ""


def test_markup_escapes_what_is_not_markup() -> None:
    assert tag("p", "a < b", Html("<b>c</b>"), class_='x"y') == (
        '<p class="x&quot;y">a &lt; b<b>c</b></p>'
    )
