"""Everything beside the concerns: findings, scope, thrust, actions, sources."""

from collections.abc import Iterator

from intake.protocol import Action, Protocol, Source
from intake.protocol_terms import READ_WORDS
from reports.protocol_page.markup import (
    Html,
    bullets,
    entry_table,
    joined,
    list_table,
    small,
    tag,
)
from reports.protocol_page.words import (
    Teller,
    codes,
    identity,
    review_box,
    tier_words,
)
from reports.wording import date_words


def findings(teller: Teller) -> Html:
    """Return every named finding with its definition."""
    rows = [
        (
            tag("span", f.label or f.id.replace("_", " "), id=f"finding-{f.id}"),
            joined((teller.condition(f.when), small(f.note))),
            codes(f.codes),
            identity(f.id),
        )
        for f in teller.protocol.findings.values()
    ]
    return list_table("", ("Finding", "Holds when", "Codes", "Entry"), rows)


def red_flags(teller: Teller) -> Html:
    """Return the rows of the red-flag table."""
    rows = []
    for flag in teller.protocol.red_flags:
        also = Html()
        if flag.also:
            words = tag("p", "Also present, never needed for absent:")
            also = joined((words, teller.condition(flag.also)))
        when = joined((teller.condition(flag.when), also))
        rows.append((flag.label, when, identity(flag.id)))
    return list_table("", ("Red flag", "Present when", "Entry"), rows)


def confirm_rows(teller: Teller) -> Html:
    """Return the rows a clinician confirms of what the desk or a paper answered."""
    rows = [
        (
            row.label,
            "its yes/no questions alone decide"
            if row.quiet is None
            else teller.condition(row.quiet),
            identity(row.id),
        )
        for row in teller.protocol.confirm_rows
    ]
    return list_table("", ("Row", "One key may confirm it when", "Entry"), rows)


def scope(teller: Teller) -> Html:
    """Return whom the protocol was not written for."""
    return joined(
        _entry(
            limit.because,
            f"scope-{limit.id}",
            ("When", teller.condition(limit.when)),
            ("Then, added to everything else", teller.steps(limit.steps)),
            ("Sources", teller.citations(limit.sources)),
            ("Why so", limit.note),
            ("Entry", identity(limit.id)),
        )
        for limit in teller.protocol.scope
    )


def thrust_cautions(teller: Teller) -> Html:
    """Return the findings that block or caution a thrust."""
    return joined(
        _entry(
            caution.because,
            f"thrust-{caution.id}",
            ("Thrust", tag("b", caution.effect)),
            ("When", teller.condition(caution.when)),
            ("Instead", caution.instead),
            ("Sources", teller.citations(caution.sources)),
            ("Why so", caution.note),
            ("Status", joined((caution.status, " ", identity(caution.id)))),
        )
        for caution in teller.protocol.thrust_cautions
    )


def not_suggested(teller: Teller) -> Html:
    """Return what is not suggested, when, and why."""
    parts = []
    for number, entry in enumerate(teller.protocol.not_suggested, 1):
        only = bullets(
            teller.protocol.concerns[concern].title for concern in entry.only_with
        )
        label = teller.protocol.actions[entry.action].label
        parts.append(
            _entry(
                f"{label}: {entry.why}",
                f"not-suggested-{number}",
                ("When", teller.condition(entry.when)),
                ("Only beside", only),
                ("Imaging criteria", teller.criteria(entry.criteria, [entry.action])),
                ("Sources", teller.citations(entry.sources)),
                ("Why so", entry.note),
                ("Status", joined((entry.status, " ", identity(entry.action)))),
            )
        )
    return joined(parts)


def _entry(title: str, place: str, *rows: tuple[str, str]) -> Html:
    """Return one entry with its box for the reviewer."""
    table = entry_table((*rows, ("Your review", review_box())))
    return tag("section", tag("h3", title, id=place), table, class_="rule")


def actions(teller: Teller) -> Html:
    """Return everything that can be suggested."""
    rows = [
        (
            tag("span", action.label, id=f"action-{action.id}"),
            joined((action.text, *_about(teller, action))),
            codes(action.codes),
            joined((action.status, " ", identity(action.id))),
            review_box(),
        )
        for action in teller.protocol.actions.values()
    ]
    head = ("Action", "Text", "Codes", "Status", "Your review")
    return list_table("", head, rows)


def _about(teller: Teller, action: Action) -> Iterator[Html]:
    if action.covered_by:
        covering = (teller.action(other) for other in action.covered_by)
        yield joined((tag("p", "Left out beside:"), bullets(covering, "plain")))
    if action.after:
        clocks = (
            f"{tier_words(tier).partition(':')[0]}: {days} days"
            for tier, days in action.after.items()
        )
        yield joined((tag("p", "Its own clock:"), bullets(clocks, "plain")))
    if action.result:
        yield tag("p", "Done once answered: ", teller.question(action.result))
    if action.cancer_referral:
        yield tag("p", "This is a cancer pathway.")
    if action.anti_inflammatory:
        yield tag("p", "Names an anti-inflammatory.")
    if action.note:
        yield tag("p", small(action.note))


def sources(protocol: Protocol) -> Html:
    """Return the bibliography, with how far each source was read."""
    rows = [
        (
            tag("span", source.id, id=f"source-{source.id}"),
            joined((_cited(source), small(source.note))),
            READ_WORDS[source.read],
            "yes" if source.low_back else "no",
            date_words(source.checked) if source.checked else "",
        )
        for source in protocol.sources.values()
    ]
    head = ("Source", "What it is", "How far read", "Low back pain", "Last checked")
    return list_table("", head, rows)


def _cited(source: Source) -> Html:
    parts = [source.title.rstrip("."), source.organisation]
    parts.append(str(source.year) if source.year else "not dated")
    words = ", ".join(part for part in parts if part)
    address = f"https://doi.org/{source.doi}" if source.doi else source.url
    if not address.startswith(("https://", "http://")):
        return joined((f"{words}. ", address))
    return joined((f"{words}. ", tag("a", address, href=address)))


def code_systems(protocol: Protocol) -> Html:
    """Return where codes come from, and under which licence."""
    rows = [
        (
            f"{system.id}: {system.name}",
            f"{system.release}, checked {date_words(system.checked)}. {system.recheck}",
            system.licence,
            joined((system.notice, " ", system.note)),
        )
        for system in protocol.code_systems
    ]
    if not rows:
        return Html()
    head = ("System", "Release", "License", "Notice")
    return list_table("Code systems", head, rows)
