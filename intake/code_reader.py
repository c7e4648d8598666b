"""Read `codes.toml`, and the codes that other entries of a protocol name from it.

Each code is written down and verified once. Questions, findings and actions name it by
system and code, `"LOINC 30753-8"`: a code that is not in the list does not load.
"""

from types import MappingProxyType

from intake.codes import FORMS, Code, CodeSystem
from intake.protocol_files import ProtocolFiles, named
from intake.spelling import did_you_mean
from intake.toml_entry import Entry

#: As in the evidence base; what was only recalled (U) does not go in.
_VERIFIED = ("V", "V2")


class CodeReader:
    """Knows the codes of one protocol folder."""

    def __init__(self, files: ProtocolFiles) -> None:
        """Read `codes.toml`: systems, their codes, presenting problem, documents."""
        self._codes: dict[str, Code] = {}
        self._systems: dict[str, CodeSystem] = {}
        file = files.file("codes.toml")
        for entry in file.entries("code_system", named("code_system")):
            files.note_twin(entry, set(self._systems), "code system")
            system = self._system(entry)
            self._systems[system.id] = system
        self.presenting = self.of(file, "presenting")
        self.documents = MappingProxyType(self._documents(file))
        file.done()

    @property
    def systems(self) -> tuple[CodeSystem, ...]:
        """Return the code systems in use."""
        return tuple(self._systems.values())

    def of(self, entry: Entry, key: str = "codes") -> tuple[Code, ...]:
        """Return the codes that an entry names; a problem for each unknown one."""
        found = (self._named(entry, name) for name in entry.texts(key))
        return tuple(code for code in found if code is not None)

    def _named(self, entry: Entry, name: str) -> Code | None:
        if name not in self._codes:
            hint = did_you_mean(name, self._codes)
            entry.problem(f'There is no code "{name}" in codes.toml.', hint)
        return self._codes.get(name)

    def _system(self, entry: Entry) -> CodeSystem:
        system = CodeSystem(
            id=entry.one_of("id", FORMS),
            url=entry.text("url"),
            name=entry.text("name"),
            release=entry.text("release"),
            licence=entry.text("licence"),
            notice=entry.text("notice", ""),
            checked=entry.day("checked"),
            recheck=entry.text("recheck"),
            note=entry.text("note", ""),
        )
        split = entry.texts("split")
        codes = entry.entries("codes", lambda n, table: f"code {table.get('code', n)}")
        form = FORMS.get(system.id)
        if form and form.url != system.url:
            entry.problem(f"The url of {system.id} is {form.url}.")
        for one in codes:
            code = Code(
                system.url,
                one.text("code"),
                one.text("display"),
                one.one_of("verified", _VERIFIED),
            )
            one.done()
            wrong = form.wrong(code.code) if form else ""
            name = f"{system.id} {code.code}"
            if wrong:
                one.problem(f"{name} is malformed. {wrong}")
            if code.code in split:
                one.problem(f"{name} has been split since: use one of its parts.")
            if name in self._codes:
                one.problem("There is another entry for this code.")
            self._codes[name] = code
        entry.done()
        return system

    def _documents(self, file: Entry) -> dict[str, Code]:
        documents = {}
        for entry in file.entries("document", named("document")):
            identity = entry.text("id")
            for code in self.of(entry):
                documents[identity] = code
            entry.done()
        return documents
