"""Words of the protocol that both its definitions and its conditions use."""

from collections.abc import Mapping

#: Options that say nothing was found out; rules read them as unknown.
UNKNOWN_OPTIONS = frozenset(
    {"unknown", "unsure", "not_known", "not_done", "not_examined"}
)
#: Those among them where somebody was asked: like a flag answered "unsure".
UNSURE_OPTIONS = frozenset({"unknown", "unsure", "not_known"})

#: How far what a source says was verified, in words.
VERIFIED_WORDS: Mapping[str, str] = {
    "V": "read in the source",
    "V2": "read in a secondary page",
    "C": "computed from figures read in the source",
    "U": "not verified",
    "P": "proposal of the authors of this program, no guideline",
}
#: How much of a source was read, in words.
READ_WORDS: Mapping[str, str] = {
    "complete": "read whole",
    "abstract": "abstract read",
    "excerpt": "excerpt read",
    "secondary": "read in a secondary page",
    "title": "title alone read",
}

#: Grades from weakest to strongest (MRC 0 to 5), and reflexes 0 to 4.
GRADE_SCALES: Mapping[str, tuple[str, ...]] = {
    "strength": ("0", "1", "2", "3", "4-", "4", "4+", "5"),
    "reflex": ("0", "1", "2", "3", "4"),
}
