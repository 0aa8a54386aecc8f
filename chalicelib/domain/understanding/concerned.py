"""Who is complained about, and how (rule 21): an act done to the writer or others, by somebody who could come to hold the ticket.

A name alone is no sign. Read in three steps: the words of the town's lexicon (concerns.csv) are found; each act is given to
whoever the sentence names nearest before it; what an outsider did is an ordinary matter. The place then makes codes of names.
"""

from typing import NamedTuple

from chalicelib.domain.tickets.readings import NOBODY, Concerned, Grievance
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.concern_signs import ConcernRow, ConcernSign
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, UnitKind
from chalicelib.domain.understanding.blame import (
    UNNAMED,
    Found,
    Lexicon,
    Mention,
    Party,
    blamed,
    doers,
    mentions,
    only_asks,
)
from chalicelib.domain.understanding.phrases import flat
from chalicelib.domain.understanding.text_model import TextModel

LONGEST_WORDS = 40  # characters of what is shown as what decided
# Levels of the model of misconduct: the share of texts that complain of nobody which it takes for it falls from one to the next.
DOUBT, MAY_BE, LIKELY, SURE, NEVER = 0.2, 0.4, 0.6, 0.8, 2.0

GUARDS = "guards"  # 保安, as a resident picks whom to avoid: of the property unit


def concerned(
    text: str, place: Where, *, town: Town, model: TextModel | None = None, is_danger: bool = False
) -> Concerned:
    """Who a text complains about, and how. `text` is flat (`phrases.flat`).

    Of a text that speaks of danger the model alone is believed only when it is sure and somebody is named: it keeps nobody
    away who could help.

    Misconduct of nobody who has a unit here, nor a place on the roster, has no parties: a person looks at it first.
    """
    if not town.concerns:
        return NOBODY
    sighting = sighted(text, lexicon_of(town), model, is_danger=is_danger)
    if sighting.grievance is Grievance.NONE:
        return NOBODY
    codes = dict.fromkeys(code for party in sighting.parties for code in codes_of(party, place.path, town))
    return Concerned(grievance=sighting.grievance, parties=tuple(codes), words=sighting.words)


def named(text: str, place: Where, *, town: Town) -> tuple[str, ...]:
    """Whoever a text names at all: where secrecy is asked for, a name is enough (rule 21). The desk may correct it."""
    names = {m.party for m in mentions(lexicon_of(town).found(flat(text))) if m.party}
    sure = names - {Party.THEY, Party.YOU, Party.OFFICE}
    return tuple(sorted({code for party in sure for code in codes_of(party, place.path, town)}))


def codes_of(party: str, path: tuple[str, ...], town: Town) -> tuple[str, ...]:
    """The units and people that a party is at this place: a Party, what a resident picks, or a unit's code."""
    if party == GUARDS:
        party = Party.PROPERTY
    if party in UNNAMED:
        several = (Party.PROPERTY, Party.COMMITTEE, Party.GRID)
        asked = (*several, Party.STATION) if party == Party.YOU else several
        return tuple(code for each in asked for code in codes_of(each, path, town))
    if party == Party.GRID:
        return _grid_workers(path, town)
    if party == Party.STATION:
        return (town.station_for(path).code,)
    if party == Party.OFFICE:
        return tuple(unit.code for unit in town.units if unit.kind is UnitKind.TOWN_OFFICE)
    if party in (Party.PROPERTY, Party.COMMITTEE):
        kind = UnitKind(party)
        return tuple(unit.code for unit in town.units if unit.kind is kind and unit.area in path)
    return (party,) if town.find_unit(party) else ()


def _grid_workers(path: tuple[str, ...], town: Town) -> tuple[str, ...]:
    """Those of the place, by night too, and who stands in for them."""
    workers = [p.code for p in town.staff if Role.GRID_WORKER in p.roles and town.covers(p, path)]
    behind = [
        row.backup
        for row in town.duty
        if row.role is Role.GRID_WORKER and row.person in workers and row.backup
    ]
    return tuple(dict.fromkeys((*workers, *behind)))


_kept: list[tuple[tuple[ConcernSign, ...], Lexicon]] = []  # the last one compiled: a process serves one town


def lexicon_of(town: Town) -> Lexicon:
    """The compiled lexicon of a town, compiled anew only when its data were imported anew."""
    if not _kept or _kept[0][0] is not town.concerns:
        _kept[:] = [(town.concerns, Lexicon(town.concerns))]
    return _kept[0][1]


class Sighting(NamedTuple):
    """What a text says before the place makes codes of it. `parties`: Party values or codes of units."""

    grievance: Grievance = Grievance.NONE
    parties: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def sighted(
    text: str, lexicon: Lexicon, model: TextModel | None = None, *, is_danger: bool = False
) -> Sighting:
    """What a `flat` text says of whom: by the town's words, and where they are silent by what the model has heard of others."""
    found = lexicon.found(text)
    names = mentions(found)
    insiders = tuple(dict.fromkeys(m.party for m in names if m.party))
    acts = blamed(text, found, names) if not found[ConcernRow.PRAISE] else []
    if acts:
        return Sighting(
            grievance=Grievance.MISCONDUCT,
            parties=_parties(insiders),
            families=tuple(dict.fromkeys(act.name for (_, act), _ in acts)),
            words=tuple(dict.fromkeys(text[at.start : at.end] for (at, _), _ in acts)),
        )
    may_be = tuple(m.party for m in doers(text, names) if m.party)
    level = model.confidence(margin(model, text, found)) if model and not only_asks(text) else 0.0
    if not found[ConcernRow.PRAISE] and level >= _enough(may_be, names, is_danger):
        heard = (text[:LONGEST_WORDS],)
        return Sighting(grievance=Grievance.MISCONDUCT, parties=_parties(insiders), words=heard)
    service = [(at, sign) for at, sign in found[ConcernRow.SERVICE] if insiders or sign.is_nameless]
    if service:
        words = tuple(dict.fromkeys(text[at.start : at.end] for at, _ in service))
        return Sighting(grievance=Grievance.SERVICE, parties=insiders or (Party.THEY,), words=words)
    if insiders and level >= DOUBT:
        return Sighting(grievance=Grievance.SERVICE, parties=insiders, words=(text[:LONGEST_WORDS],))
    return Sighting()


def _enough(insiders: tuple[str, ...], names: list[Mention], is_danger: bool) -> float:
    """From which level the model is believed: sooner of whoever reads every report of the place; nobody named, only when it is sure."""
    if not insiders:
        return NEVER if names or is_danger else SURE
    if is_danger:
        return SURE
    at_home = {Party.PROPERTY, Party.COMMITTEE, Party.THEY}  # they read what is given to them, and no more
    return LIKELY if set(insiders) <= at_home else MAY_BE


def margin(model: TextModel, text: str, found: Found) -> float:
    """How much more misconduct than not, by a model that reads the text with the names of what the lexicon found in it."""
    at = model.labels.index(Grievance.MISCONDUCT)
    scores = model.scores("", described(text, found))
    return scores[at] - scores[1 - at]


def described(text: str, found: Found) -> str:
    """The text, and after it a mark for every kind of row that was found, as the model reads it."""
    acts = [sign for _, sign in found[ConcernRow.MISCONDUCT]]
    marks = [f"㐀{sign.name}" for sign in (*acts, *(sign for _, sign in found[ConcernRow.SERVICE]))]
    marks += [
        f"㐁{kind.name}" for kind in (ConcernRow.OUTSIDER, ConcernRow.ALIAS, ConcernRow.PRAISE) if found[kind]
    ]
    return text + "".join(dict.fromkeys(marks))


def _parties(insiders: tuple[str, ...]) -> tuple[str, ...]:
    """Whomever the text names beside the act: whose it is grammar alone does not tell. Nobody named: whom "they" may be.

    "You" may be the station that reads this, unless the one who is named is who it speaks to (你们物业).
    """
    known = tuple(party for party in insiders if party not in UNNAMED)
    if known and Party.YOU in insiders:
        return tuple(dict.fromkeys((*known, Party.STATION)))
    return known or insiders or (Party.THEY,)
