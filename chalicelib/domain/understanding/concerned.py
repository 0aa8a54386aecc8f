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
    Lexicon,
    Party,
    mentions,
)
from chalicelib.domain.understanding.phrases import flat
from chalicelib.domain.understanding.scene import Scene, margin, scene_of
from chalicelib.domain.understanding.text_model import TextModel

LONGEST_WORDS = 40  # characters of what is shown as what decided
# Levels of the model of misconduct: of texts that complain of nobody it takes fewer for it from one to the next. At DOUBT a person
# looks, FAIR is enough beside words of the lexicon that say so, LIKELY where somebody is named, SURE where nobody is.
DOUBT, FAIR, LIKELY, SURE, NEVER = 0.2, 0.4, 0.6, 0.8, 2.0

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
    """What a `flat` text says of whom: by the town's words and by what the model has heard of others, each in doubt where it is alone.

    Words that the model takes for ordinary, and whatever the text itself withdraws, accuse nobody: a person looks first.
    """
    said = scene_of(text, lexicon)
    level = model.confidence(margin(model, said)) if model else 0.0
    is_borne_out = bool(said.acts) and not said.praises and (model is None or level >= FAIR)
    if not said.accuses_nobody and (is_borne_out or level >= _enough(said, is_danger)):
        return _misconduct(said)
    service = [(at, sign) for at, sign in said.found[ConcernRow.SERVICE] if said.insiders or sign.is_nameless]
    if service:
        words = tuple(dict.fromkeys(text[at.start : at.end] for at, _ in service))
        return Sighting(grievance=Grievance.SERVICE, parties=said.insiders or (Party.THEY,), words=words)
    if _is_doubtful(said, 0.0 if is_danger and not said.insiders else level):
        return Sighting(
            grievance=Grievance.SERVICE,
            parties=said.insiders or (Party.THEY,),
            words=(text[:LONGEST_WORDS],),
        )
    return Sighting()


def _is_doubtful(said: Scene, level: float) -> bool:
    """Whether a person looks first, though nobody is accused: somebody is named beside something odd, or nobody beside worse."""
    if said.is_all_aside:
        return False
    if said.insiders:
        return bool(said.acts) or level >= DOUBT
    return not said.names and (bool(said.acts) or level >= LIKELY)


def _misconduct(said: Scene) -> Sighting:
    heard = tuple(dict.fromkeys(said.text[at.start : at.end] for (at, _), _ in said.acts))
    return Sighting(
        grievance=Grievance.MISCONDUCT,
        parties=_parties(said.insiders),
        families=tuple(dict.fromkeys(sign.name for (_, sign), _ in said.acts)),
        words=heard or (said.text[:LONGEST_WORDS],),
    )


def _enough(said: Scene, is_danger: bool) -> float:
    """From which level the model alone is believed: of somebody named sooner; nobody named, or in danger, only when it is sure."""
    if not any(m.party for m in said.doers):
        return NEVER if said.names or is_danger else SURE
    return SURE if is_danger else LIKELY


def _parties(insiders: tuple[str, ...]) -> tuple[str, ...]:
    """Whomever the text names beside the act: whose it is grammar alone does not tell. Nobody named: whom "they" may be.

    "You" may be the station that reads this, unless the one who is named is who it speaks to (你们物业).
    """
    known = tuple(party for party in insiders if party not in UNNAMED)
    if known and Party.YOU in insiders:
        return tuple(dict.fromkeys((*known, Party.STATION)))
    return known or insiders or (Party.THEY,)
