"""Who is complained about, and how (rule 21): an act done to the writer or others, by somebody who could come to hold the ticket.

A name alone is no sign. Read in three steps: the words of the town's lexicon (concerns.csv) are found; each act is given to
whoever the sentence names nearest before it; what an outsider did is an ordinary matter. The place then makes codes of names.
"""

from collections.abc import Iterable
from typing import NamedTuple

from chalicelib.domain.patterns import regex
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
from chalicelib.domain.understanding.phrases import Span, flat
from chalicelib.domain.understanding.scene import Scene, margin, scene_of
from chalicelib.domain.understanding.setting import clause_of
from chalicelib.domain.understanding.text_model import TextModel

LONGEST_WORDS = 40  # characters of what is shown as what decided
# Levels of the model of misconduct: of texts that complain of nobody it takes fewer for it from one to the next. At DOUBT a person
# looks, at ODD also where the words speak of the service; FAIR is enough beside words of the lexicon that say so, LIKELY without them,
# SURE where only outsiders are named or the text itself accuses nobody.
DOUBT, ODD, FAIR, LIKELY, SURE, NEVER = 0.2, 0.3, 0.4, 0.6, 0.8, 2.0

MOST_BESIDE = 9  # letters beside who and what, that it is still bare

GUARDS = "guards"  # 保安, as a resident picks whom to avoid: of the property unit

# What only those do who hold what was reported; and what is done at a counter or a telephone by somebody who is not named.
_OF_THE_REPORT = regex(
    r"工单|办[理结]单|流转单|单子.{0,3}(?:才|就|压|拖|卡|动|没)|[派改]单|诉求|处理结果|(?:显示|写|标|系统|平台|短信)[^,。!?]{0,4}已(?:解决|处理|办理|修复|完成)|(?:改|编|删|漏|瞒)(?:了|掉|过|成)?我?(?:说|写|报|讲|反映|投诉)的|我的?(?:投诉|反映|举报|报修)[^,。!?]{0,4}(?:改|写|记)|(?:替|给|帮)我.{0,3}(?:写|点|填|勾|打).{0,3}(?:满意|好评|分|解决)|撤(?:回|掉|销)?(?:[单诉件]|投诉|举报|申请)|(?:让|叫|要|逼|劝|[不勿]让|不准|不许)我?(?:先)?撤(?!离|退|走)|销号|结案|办结|回访|承办人|[我所]提的?意见|(?:没有?|从没)(?:评价|打分|打过分|点评)过?|匿名|原话|一字不[差漏]|(?:差评|[一二三1-3]星).{0,4}改|改(?:成|为|个)?(?:好评|[五5]星|满意)"
    r"|(?:写|记)(?:着|成|的)?我?(?:主动|自愿)?(?:撤|满意)|满意.{0,4}(?:勾|点|填)|(?:替|给|帮)[我你].{0,3}(?:勾|点|填).{0,3}满意"
    r"|我(?:反映|投诉|举报|写|说)的(?:内容|那[段些]?话|信|材料).{0,12}(?:在|到|给|背|念|知道|手)"
)
_OF_A_COUNTER = regex(
    r"电话|来电|接线|窗口|接待|柜台|大厅|核实|调查|登记|材料|投诉|反映|举报|回复|[叫取排拿领过]了?号|号[头子条]|排队|受理|申请|证明|盖章|敲章"
    r"|(?:号|表格?|单子|条子|回执)[^,。!?]{0,3}(?:撕|揉|作废|退回|扣下)|(?:撕|揉|作废|退回|扣下|跳过)[^,。!?]{0,4}(?:号(?![码楼线])|表格?|单子|条子|回执)"
)


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
    """What a `flat` text says of whom: by the town's words and by what the model has heard of others, each in doubt where it is alone."""
    said = scene_of(text, lexicon)
    heard = model.confidence(margin(model, said)) if model else None
    if model and is_danger and said.acts:
        heard = max(heard or 0.0, model.confidence(margin(model, scene_of(_accusation(said), lexicon))))
    return weighed(said, heard, is_danger=is_danger)


def _accusation(said: Scene) -> str:
    """The clauses in which somebody did something: beside a danger, whose words accuse nobody, a model would not hear them."""
    clauses = [clause_of(said.text, at) for (at, _), _ in said.acts]
    return said.text[min(each.start for each in clauses) : max(each.end for each in clauses)]


def weighed(said: Scene, heard: float | None, *, is_danger: bool = False) -> Sighting:
    """What is said of whom where the model `heard` misconduct with this level; None without a model.

    Words that the model takes for ordinary, and whatever the text itself withdraws, accuse nobody: a person looks first.
    """
    level = heard or 0.0
    is_borne_out = bool(said.acts) and not said.praises and (heard is None or level >= FAIR or _is_bare(said))
    if level >= _enough(said, is_danger) or (is_borne_out and not said.accuses_nobody):
        return _accusing(Grievance.MISCONDUCT, said)
    level = 0.0 if is_danger and not said.insiders else level
    if _is_doubtful(said, level, ODD):
        return _accusing(Grievance.POSSIBLE, said)
    service = [(at, sign) for at, sign in said.found[ConcernRow.SERVICE] if said.insiders or sign.is_nameless]
    if service:
        return Sighting(
            grievance=Grievance.SERVICE,
            parties=said.insiders or (Party.THEY, Party.OFFICE),
            words=_quoted(said.text, (at for at, _ in service)),
        )
    return _accusing(Grievance.POSSIBLE, said) if _is_doubtful(said, level, DOUBT) else Sighting()


def _is_bare(said: Scene) -> bool:
    """Whether it says hardly more than who did what: in so few letters a model hears nothing (物业不让我进门)."""
    told = {at for at, _ in (row for row, _ in said.acts)} | {m.at for m in said.doers if m.party}
    covered = {n for span in told for n in range(span.start, span.end)}
    is_of_ours = bool(said.doers) and all(m.party for m in said.names)
    return is_of_ours and len(said.text) - len(covered) <= MOST_BESIDE


def _is_doubtful(said: Scene, level: float, enough: float) -> bool:
    """Whether a person looks first, though nobody is accused: something odd is told, and not of outsiders alone.

    `enough`: less where no words of the lexicon say that it is the service alone.
    """
    if said.is_all_aside or (said.names and not said.insiders):
        return False
    return bool(said.acts) or level >= enough


def _accusing(grievance: Grievance, said: Scene) -> Sighting:
    heard = _quoted(said.text, (at for (at, _), _ in said.acts))
    return Sighting(
        grievance=grievance,
        parties=_parties(said, is_sure=grievance is Grievance.MISCONDUCT),
        families=tuple(dict.fromkeys(sign.name for (_, sign), _ in said.acts)),
        words=heard or (said.text[:LONGEST_WORDS],),
    )


def _quoted(text: str, spans: Iterable[Span]) -> tuple[str, ...]:
    """The clauses that decided, as a person reads them: 三天了一直没人来, where 一直 alone tells nothing."""
    return tuple(dict.fromkeys(_clause(text, at) for at in spans))


def _clause(text: str, at: Span) -> str:
    """The clause in which something stands, in `LONGEST_WORDS` letters; of a longer one, from its beginning or from there."""
    start, end = clause_of(text, at)
    start = start if at.end - start <= LONGEST_WORDS else at.start
    return text[start : min(end, start + LONGEST_WORDS)]


def _enough(said: Scene, is_danger: bool) -> float:
    """From which level the model alone is believed: more where only outsiders are named or the text itself says it accuses nobody.

    In danger somebody must be named, and the model sure.
    """
    may_act = any(m.party for m in said.doers)
    if is_danger:
        return SURE if may_act and not said.accuses_nobody else NEVER
    if said.accuses_nobody or (said.names and not may_act):
        return SURE
    return LIKELY


def _parties(said: Scene, *, is_sure: bool) -> tuple[str, ...]:
    """Whomever the text names beside the act: whose it is grammar alone does not tell. Nobody named: whom "they" may be.

    "You" may be the station that reads this, unless the one who is named is who it speaks to (你们物业). So may be whoever
    passed on, altered or closed what was reported. Where nobody is named it may be any office's as well; where it is sure that somebody
    did something, anybody's, also of whom only a word for anybody's people is said (工作人员, 领导, 公家). What only may be the station's
    is no office's: 保密受理 looks, and sits in one.
    """
    named_ = tuple(party for party in said.insiders if party not in UNNAMED)
    is_nobodys = set(named_) <= {Party.OFFICE}  # some office's, or whose nobody knows
    is_of_the_report = _OF_THE_REPORT.search(said.text) or (is_nobodys and _OF_A_COUNTER.search(said.text))
    is_the_stations = bool(is_of_the_report) or Party.YOU in said.insiders
    also: tuple[Party, ...]
    if named_:
        also = (
            *((Party.THEY,) if is_sure and is_nobodys else ()),
            *((Party.STATION,) if is_the_stations else ()),
        )
    elif is_sure:
        also = (Party.OFFICE, Party.STATION)
    else:
        also = (Party.STATION if is_the_stations else Party.OFFICE,)
    return tuple(dict.fromkeys((*(named_ or said.insiders or (Party.THEY,)), *also)))
