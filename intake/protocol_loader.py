"""TOML in, checked protocol out.

Every problem of every file is collected and raised together, with file, entry and a
suggestion. `form_reader` reads what is asked, `rule_reader` what follows from it;
what holds between entries is checked in `protocol_checks`.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from intake import criteria_checks, protocol_checks
from intake.code_reader import CodeReader
from intake.criteria_reader import read_criteria
from intake.errors import Problem, ProtocolError
from intake.form_reader import FormReader
from intake.protocol import Concern, Protocol
from intake.protocol_files import ProtocolFiles
from intake.rule_reader import STATUS, RuleReader
from intake.source_attributes import read_source_attributes

DEFAULT_FOLDER = Path(__file__).parent / "protocols" / "upper_back_pain"


def default_protocol() -> Protocol:
    """Return the protocol that comes with the program."""
    return load_protocol(DEFAULT_FOLDER)


def load_protocol(folder: Path) -> Protocol:
    """Return the checked protocol of a folder.

    Raises:
        ProtocolError: with every problem found in any file.
    """
    if not folder.is_dir():
        raise ProtocolError([Problem(str(folder), "There is no such folder.")])
    files = ProtocolFiles(folder)
    protocol = _read(files)
    if files.problems:
        raise ProtocolError(files.problems)
    return protocol


def _read(files: ProtocolFiles) -> Protocol:
    head = files.file("protocol.toml")
    codes = CodeReader(files)
    form = FormReader(files, codes)
    sections = form.read(head)
    rules = RuleReader(form.questions, files.problems, codes)
    openers = files.entries("openers.toml", "finding")
    entries = [*openers, *files.entries("findings.toml", "finding")]
    rules.name_findings(entries)
    findings = [rules.finding(entry) for entry in entries]
    for question, (text, where) in form.opens.items():
        opens = rules.expression(text, where)
        form.questions[question] = replace(form.questions[question], opens=opens)
    actions = [rules.action(e) for e in files.entries("actions.toml", "action")]
    sources = [rules.source(e) for e in files.entries("sources.toml", "source")]
    red_flags = files.entries("red_flags.toml", "red_flag")
    confirm_rows = files.entries("confirm_rows.toml", "row")
    scope = files.entries("scope.toml", "scope")
    concerns = _concerns(files, rules)
    thrusts = files.entries("manual_therapy.toml", "thrust")
    not_suggested = files.entries("not_suggested.toml", "not_suggested")
    imaging = read_criteria(files, {s.id: s for s in sources})
    protocol = Protocol(
        id=head.text("id"),
        version=head.text("version"),
        title=head.text("title"),
        status=head.one_of("status", STATUS),
        digest=files.digest,
        effective=head.day("effective"),
        review_by=head.day("review_by"),
        reviewers=rules.reviewers(head),
        source_attributes=read_source_attributes(head),
        sections=sections,
        questions=MappingProxyType(form.questions),
        findings=MappingProxyType({f.id: f for f in findings}),
        red_flags=tuple(map(rules.red_flag, red_flags)),
        scope=tuple(map(rules.scope, scope)),
        concerns=MappingProxyType(concerns),
        thrust_cautions=tuple(map(rules.thrust, thrusts)),
        not_suggested=tuple(map(rules.not_suggested, not_suggested)),
        actions=MappingProxyType({a.id: a for a in actions}),
        sources=MappingProxyType({s.id: s for s in sources}),
        imaging=imaging,
        code_systems=codes.systems,
        presenting=codes.presenting,
        documents=codes.documents,
        confirm_rows=tuple(map(rules.confirm_row, confirm_rows)),
    )
    head.done()
    opener_names = {entry.text("id", "") for entry in openers}
    files.problems += protocol_checks.check(protocol, opener_names)
    files.problems += criteria_checks.check(protocol)
    return protocol


def _concerns(files: ProtocolFiles, rules: RuleReader) -> Mapping[str, Concern]:
    concerns = {}
    for path in sorted((files.folder / "concerns").glob("*.toml")):
        name = f"concerns/{path.name}"
        concern = rules.concern(files.file(name))
        if concern.id and concern.id != path.stem:
            files.problems.append(
                Problem(name, f'The id is "{concern.id}", the file "{path.stem}".')
            )
        concerns[concern.id] = concern
    if not concerns:
        what = "There is no concern: every patient would be at monitor."
        files.problems.append(Problem("concerns", what))
    return concerns
