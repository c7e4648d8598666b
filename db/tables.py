"""The tables, as SQLAlchemy classes; db.mapping turns rows into values of intake."""

import json
from typing import Any

from sqlalchemy import (
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db import guards

#: Names of constraints, so that a migration can find them again.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


#: Folded text that is searched and sorted by its bytes, on every database alike.
_KEY = Text().with_variant(Text(collation="C"), "postgresql")


class JsonText(TypeDecorator[Any]):
    """A value as JSON text, the same on every database; None is NULL.

    Not SQLAlchemy's JSON: SQLite gives a column of that type numeric affinity, which
    turns the text ``1.0`` into 1 and rounds long numbers.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(
        self,
        value: Any | None,  # noqa: ANN401  (whatever JSON holds)
        dialect: Dialect,  # noqa: ARG002  (SQLAlchemy's signature)
    ) -> str | None:
        """Return the text; equal values give equal texts."""
        return None if value is None else json_text(value)

    def process_result_value(
        self,
        value: Any | None,  # noqa: ANN401  (whatever JSON holds)
        dialect: Dialect,  # noqa: ARG002  (SQLAlchemy's signature)
    ) -> Any:  # noqa: ANN401  (whatever JSON holds)
        """Return the value."""
        return None if value is None else json.loads(value)

    def compare_values(
        self,
        x: Any,  # noqa: ANN401  (whatever JSON holds)
        y: Any,  # noqa: ANN401  (whatever JSON holds)
    ) -> bool:
        """Return whether both are stored alike; to Python, 1 and True are equal."""
        return json_text(x) == json_text(y)


def json_text(value: object) -> str:
    """Return canonical JSON: sorted keys, no spaces.

    ASCII, so that even half of a surrogate pair comes back as it went in.
    """
    return json.dumps(value, allow_nan=False, separators=(",", ":"), sort_keys=True)


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMES)


class PatientRow(Base):
    """A patient as registered. `search_name` is derived; see db.mapping."""

    __tablename__ = "patients"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    family_name: Mapped[str] = mapped_column(Text)
    given_name: Mapped[str] = mapped_column(Text)
    preferred_name: Mapped[str] = mapped_column(Text)
    birth_date: Mapped[str] = mapped_column(String(10), index=True)
    stated_age: Mapped[int | None]
    sex_at_birth: Mapped[str] = mapped_column(String(16))
    gender: Mapped[str] = mapped_column(Text)
    chart_number: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    interpreter: Mapped[str] = mapped_column(Text)
    emergency_contact: Mapped[str] = mapped_column(Text)
    primary_care_provider: Mapped[str] = mapped_column(Text)
    insurer: Mapped[str] = mapped_column(Text)
    member_id: Mapped[str] = mapped_column(Text)
    occupation: Mapped[str] = mapped_column(Text)
    search_name: Mapped[str] = mapped_column(_KEY, index=True)
    revision: Mapped[int] = mapped_column(server_default="0")
    age_margin: Mapped[int] = mapped_column(server_default="0")

    # As of a visit: an UPDATE says which revision it replaces.
    __mapper_args__ = {  # noqa: RUF012  (SQLAlchemy's own attribute)
        "version_id_col": revision,
        "version_id_generator": False,
    }


class EarlierRegistrationRow(Base):
    """A registration as it was at a revision, before it was changed. Append-only."""

    __tablename__ = "earlier_registrations"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    registered: Mapped[Any] = mapped_column(JsonText)


class SearchKeyRow(Base):
    """What a patient can be found by, derived from the registration; db.search_keys.

    Append-only: a changed registration has keys of its own, and those of an older
    `revision` than the patient's count no more. The primary key begins with what a
    search goes along.
    """

    __tablename__ = "search_keys"
    # With all its columns: SQLite prefers an index in which it finds everything, and
    # would else go along what begins so for every patient that is looked at.
    __table_args__ = (Index(None, "patient_id", "kind", "key", "revision"),)

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    key: Mapped[str] = mapped_column(_KEY, primary_key=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class VisitRow(Base):
    """A visit with its answers as they stand, and how often they were saved."""

    __tablename__ = "visits"
    __table_args__ = (
        Index(None, "on_day", "opened_utc", "id"),
        Index(None, "responsible", "state"),
        Index(None, "state", "on_day"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    on_day: Mapped[str] = mapped_column(String(10))
    #: As it was told, with its zone; and the same moment in UTC, to sort by.
    opened_at: Mapped[str] = mapped_column(String(40))
    opened_utc: Mapped[str] = mapped_column(String(40))
    protocol_id: Mapped[str] = mapped_column(Text)
    protocol_version: Mapped[str] = mapped_column(Text)
    protocol_digest: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(32))
    answers: Mapped[dict[str, Any]] = mapped_column(JsonText)
    signed_at: Mapped[str | None] = mapped_column(String(40))
    signed_by: Mapped[str | None] = mapped_column(String(64))
    signed_name: Mapped[str | None] = mapped_column(Text)
    signed_content: Mapped[str | None] = mapped_column(Text)
    signed_digest: Mapped[str | None] = mapped_column(String(64))
    responsible: Mapped[str] = mapped_column(String(64), server_default="")

    # An UPDATE says which revision it replaces; another one is an error.
    __mapper_args__ = {  # noqa: RUF012  (SQLAlchemy's own attribute)
        "version_id_col": revision,
        "version_id_generator": False,
    }


class AnswerChangeRow(Base):
    """One change of one answer, in the save that made a revision. Append-only."""

    __tablename__ = "answer_changes"
    __table_args__ = (Index(None, "visit_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    revision: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    old: Mapped[Any] = mapped_column(JsonText, nullable=True)
    new: Mapped[Any] = mapped_column(JsonText, nullable=True)
    who: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16))
    at: Mapped[str] = mapped_column(String(40))
    way: Mapped[str] = mapped_column(String(16))
    declined: Mapped[bool]


class VisitLinkRow(Base):
    """A visit moved to a patient; the newest of a visit counts. Append-only."""

    __tablename__ = "visit_links"
    __table_args__ = (Index(None, "visit_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)


class PatientMergeRow(Base):
    """A patient merged into another, or into nobody any more. Append-only.

    The newest of a patient counts.
    """

    __tablename__ = "patient_merges"
    __table_args__ = (Index(None, "patient_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    into_id: Mapped[str | None] = mapped_column(ForeignKey("patients.id"), index=True)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(40))


class SetAsideRow(Base):
    """The answer that lost a conflict, kept beside the one that was chosen."""

    __tablename__ = "set_aside"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    value: Mapped[Any] = mapped_column(JsonText, nullable=True)
    who: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16))
    at: Mapped[str] = mapped_column(String(40))


class StateChangeRow(Base):
    """One move of a visit, in the save that made a revision. Append-only."""

    __tablename__ = "state_changes"
    __table_args__ = (Index(None, "visit_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    revision: Mapped[int]
    from_state: Mapped[str] = mapped_column(String(32))
    to_state: Mapped[str] = mapped_column(String(32))
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)


class CallBackRow(Base):
    """Somebody has to call the patient of a visit. Append-only."""

    __tablename__ = "call_backs"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    on_day: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[str] = mapped_column(String(40))


class CallRow(Base):
    """A call, or what else settled a call-back. Append-only."""

    __tablename__ = "calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_back_id: Mapped[str] = mapped_column(ForeignKey("call_backs.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(40))


class AddendumRow(Base):
    """What was added to a signed visit, signed by itself. Append-only."""

    __tablename__ = "addenda"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))


class DecisionRow(Base):
    """What was decided on a suggestion, as the save that made a revision. Append-only.

    One that is late came in after the visit was signed, and made no revision.
    """

    __tablename__ = "decisions"
    __table_args__ = (Index(None, "visit_id", "revision"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    revision: Mapped[int]
    subject: Mapped[str] = mapped_column(String(64))
    choice: Mapped[str] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(JsonText)
    reason: Mapped[str] = mapped_column(String(64))
    tier: Mapped[str] = mapped_column(String(32))
    rules: Mapped[list[str]] = mapped_column(JsonText)
    findings: Mapped[dict[str, Any]] = mapped_column(JsonText)
    protocol: Mapped[str] = mapped_column(String(64))
    who: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(40))
    late: Mapped[bool]


class ConfirmationRow(Base):
    """That a clinician confirmed an answer; one that is late made no revision.

    Append-only.
    """

    __tablename__ = "confirmations"
    __table_args__ = (Index(None, "visit_id", "revision"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    revision: Mapped[int]
    question: Mapped[str] = mapped_column(String(64))
    value: Mapped[Any] = mapped_column(JsonText)
    answered_at: Mapped[str] = mapped_column(String(40))
    who: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(40))
    taken_back: Mapped[bool]
    late: Mapped[bool]


class ToldRow(Base):
    """Who was told of an answer on the clinic's list, and when. Append-only."""

    __tablename__ = "told"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), index=True)
    line: Mapped[int]
    answers: Mapped[list[str]] = mapped_column(JsonText)
    told_to: Mapped[str] = mapped_column(JsonText)
    who: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(40))


class PersonRow(Base):
    """Somebody who signs in."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(JsonText)
    licence: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool]
    revision: Mapped[int] = mapped_column(server_default="0")

    # As of a visit: an UPDATE says which revision it replaces.
    __mapper_args__ = {  # noqa: RUF012  (SQLAlchemy's own attribute)
        "version_id_col": revision,
        "version_id_generator": False,
    }


class SettingRow(Base):
    """What the clinic settled once: its name, its letterhead."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(JsonText, nullable=True)


class ClinicSettingRow(Base):
    """A section of the clinic's settings at a revision. Append-only.

    The key is what refuses the second of two people who settle the same revision.
    """

    __tablename__ = "clinic_settings"

    section: Mapped[str] = mapped_column(String(32), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Not "values", which is a word of SQL.
    settled: Mapped[dict[str, Any]] = mapped_column(JsonText)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(40))


class AuditRow(Base):
    """One entry of the audit trail; see intake.audit. Append-only.

    It can be read sorted by each of its columns, also when it is long.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "at_utc"),
        *(Index(None, name, "number") for name in ("event", "who", "role", "subject")),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event: Mapped[str] = mapped_column(String(32))
    who: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(40))
    at_utc: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(64))
    #: JSON, read by db.audit: what a hand wrote there must not stop the check.
    detail: Mapped[str] = mapped_column(Text)
    mac: Mapped[str] = mapped_column(String(64))


class AuditHeadRow(Base):
    """The end of the audit trail, in one row that writers take turns to hold."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    mac: Mapped[str] = mapped_column(String(64))


guards.attach(Base.metadata)
