"""What can be done from anywhere, as data: words, keys, for whom.

The menu, the shortcuts and the list that F1 shows are all made from it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing to do. `name` is the method of the main window that does it."""

    name: str
    text: str
    keys: str
    needs_visit: bool = False
    clinician_only: bool = False
    needs_signed: bool = False
    owner_only: bool = False
    needs_patients: bool = False
    #: A visit is open, in view or not.
    needs_visits: bool = False
    #: A visit is in view, open or as it was signed.
    needs_shown: bool = False
    #: Possible also while nobody is signed in.
    needs_nobody: bool = False


ACTIONS = (
    ActionSpec("show_home", "Visits and patients", "Ctrl+F"),
    ActionSpec("new_patient", "New patient", "Ctrl+N", needs_patients=True),
    ActionSpec("show_visit", "Back to the open visit", "Ctrl+E", needs_visit=True),
    ActionSpec("next_visit", "Next open visit", "Ctrl+Tab", needs_visits=True),
    ActionSpec(
        "visit_before", "Open visit before", "Ctrl+Shift+Tab", needs_visits=True
    ),
    ActionSpec(
        "close_visit", "Close this visit: it is kept", "Ctrl+W", needs_visit=True
    ),
    ActionSpec(
        "hand_on",
        "Hand on: ready for the clinician, or to sign",
        "Ctrl+Return",
        needs_patients=True,
    ),
    ActionSpec(
        "end_visit",
        "End a visit: left, cancelled, entered in error",
        "Ctrl+Shift+E",
        needs_patients=True,
    ),
    ActionSpec(
        "log_call",
        "What came of a call to a patient",
        "Ctrl+Shift+C",
        needs_patients=True,
    ),
    ActionSpec(
        "show_close_of_day",
        "Close the day: what is left",
        "Ctrl+Shift+F",
        needs_patients=True,
    ),
    ActionSpec(
        "show_documents",
        "Summary and letter",
        "Ctrl+P",
        needs_shown=True,
        clinician_only=True,
    ),
    ActionSpec(
        "ask_next",
        "Go to the question to ask next",
        "Ctrl+J",
        needs_visit=True,
        clinician_only=True,
    ),
    ActionSpec(
        "confirm_answers",
        "Confirm what the desk entered",
        "Ctrl+T",
        needs_visit=True,
        clinician_only=True,
    ),
    ActionSpec(
        "type_paper",
        "Type in the patient's own paper, or end that",
        "Ctrl+I",
        needs_visit=True,
    ),
    ActionSpec(
        "note_told",
        "Note whom you told of an answer on the clinic's list",
        "Ctrl+Shift+D",
        needs_visit=True,
    ),
    ActionSpec(
        "show_reasons",
        "Go to the suggestions and reasons",
        "Ctrl+G",
        needs_visit=True,
        clinician_only=True,
    ),
    ActionSpec(
        "go_to_emergency",
        "Go to the emergency checklist, to set it aside",
        "Ctrl+Shift+G",
        needs_visit=True,
        clinician_only=True,
    ),
    ActionSpec(
        "review_and_sign",
        "Review and sign",
        "Ctrl+R",
        needs_visit=True,
        clinician_only=True,
    ),
    ActionSpec(
        "write_addendum",
        "Write an addendum to the signed visit",
        "Ctrl+D",
        clinician_only=True,
        needs_signed=True,
    ),
    ActionSpec(
        "show_dispute",
        "Go to an answer that waits for a choice",
        "Ctrl+K",
        needs_patients=True,
    ),
    ActionSpec(
        "move_visit",
        "Wrong patient: move this visit, or mark it as an error",
        "Ctrl+Shift+T",
        needs_patients=True,
    ),
    ActionSpec(
        "change_registration",
        "Change the registration of this patient",
        "Ctrl+Shift+R",
        needs_patients=True,
    ),
    ActionSpec(
        "merge_patients",
        "Merge a patient who was registered twice",
        "Ctrl+Shift+M",
        needs_patients=True,
    ),
    ActionSpec("confirm_saved", "Is everything saved?", "Ctrl+S"),
    ActionSpec("show_people", "People", "Ctrl+Shift+P", owner_only=True),
    ActionSpec("show_audit", "Audit trail", "Ctrl+Shift+A", owner_only=True),
    ActionSpec("show_settings", "Clinic's settings", "Ctrl+,", owner_only=True),
    ActionSpec("change_passphrase", "Change my passphrase", "Ctrl+Shift+W"),
    ActionSpec("show_backups", "Backups", "Ctrl+B"),
    ActionSpec("hide_screen", "Hide the screen, and show it again", "F12"),
    ActionSpec("lock", "Lock, or change who works", "Ctrl+L"),
    ActionSpec(
        "next_look",
        "Next look: light, dark, high contrast",
        "Ctrl+Shift+L",
        needs_nobody=True,
    ),
    ActionSpec("larger_letters", "Larger letters", "Ctrl++", needs_nobody=True),
    ActionSpec("smaller_letters", "Smaller letters", "Ctrl+-", needs_nobody=True),
    ActionSpec(
        "usual_letters", "Letters of the usual size", "Ctrl+0", needs_nobody=True
    ),
    ActionSpec("show_shortcuts", "Keys", "F1", needs_nobody=True),
)

#: Keys of the form itself, for the same list.
FORM_KEYS = (
    ("Y  N  U  Delete", "yes, no, asked but not sure, not asked"),
    ("Space", "on the body chart: begin to mark; then letters, or arrows and Space"),
    ("letter or 0", "an option; 0 is none or normal"),
    ("Enter", "finish a list, a number or a text"),
    ("Esc", "one step back; what was typed in a visit is kept"),
    ("Tab  Shift+Tab", "next question, question before"),
    ("Ctrl+PgDown  Ctrl+PgUp", "next section, section before"),
    ("Ctrl+M", "more questions of this section"),
    ("Ctrl+Z  Ctrl+Shift+Z", "undo, redo"),
    ("Space  Esc", "among answers to confirm: confirm and go on, later"),
    ("A  E  D", "among the suggestions: accept, adapt, decline"),
    ("Up  Down", "the suggestion before, the next"),
    ("Tab  Enter  Esc", "among the suggestions: to a Why, open it, close it"),
)
