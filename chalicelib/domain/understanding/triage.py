"""Triage: the town's ordered rules, first match wins, each with the reason it shows (rule 11). The machine only suggests."""

from chalicelib.domain.tickets.readings import Reading
from chalicelib.domain.tickets.ticket import Suggestion, Where
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Category, Track, TriageRule
from chalicelib.domain.understanding.reading import understand


def suggest(
    text: str, where: Where, chosen: str | None, *, town: Town, reading: Reading | None = None
) -> Suggestion:
    """What the rules say of a report, once it was read. Confidentiality is taken from any rule, the rest from the first match.

    Urgent is what the reading is sure of, or what the reporter chose as such. Where the reading sees no danger, no rule and
    no keyword of an urgent category holds either: "没有着火" is no fire, whoever looks.

    A category that the reporter chose wins over a rule's, unless the rule says something finer of the same (公共设施 →
    楼道照明) or something urgent: life comes first.
    """
    reading = reading or understand(text, town=town, place=where, model=None)
    sees = reading.danger is not Danger.NONE
    matching = [
        (rule, word)
        for rule in sorted(town.triage, key=lambda r: r.order)
        if (sees or not _is_urgent(rule, town)) and (word := _match(rule, text, where)) is not None
    ]
    first, word = next(((r, w) for r, w in matching if r.category or r.forward_to), (None, ""))
    picked = town.find_category(chosen or "")
    category = town.find_category(first.category or "") if first else None
    if picked is not None and not (
        category and (category.urgent or picked.code in town.lineage(category.code))
    ):
        first, (category, word) = None, _by_keyword(text, town, sees, under=picked)
        category = category or picked
    if category is None and first is None:
        category, word = _by_keyword(text, town, sees)
    suggestion = _suggestion(first, category, word, [rule for rule, _ in matching], picked, where, town)
    if sees:
        return _in_danger(suggestion, reading, picked, where, town)
    return suggestion.model_copy(update={"sure": False}) if reading.doubt else suggestion


def _in_danger(
    suggestion: Suggestion, reading: Reading, picked: Category | None, where: Where, town: Town
) -> Suggestion:
    """Sure danger is urgent and filed as such, whatever else the text speaks of; possible danger makes nothing sure."""
    if reading.danger is Danger.POSSIBLE and not (picked and picked.urgent):
        return suggestion.model_copy(update={"sure": False, "urgent": False})
    known = town.find_category(suggestion.category or "")
    changes: dict[str, object] = {"urgent": True, "forward_to": ""}
    category = town.find_category(reading.category)
    if category is not None and not (known and known.urgent):
        unit = town.lead_unit(category, where.path)
        changes |= {
            "category": category.code,
            "track": category.track,
            "confidential": suggestion.confidential or category.sensitive,
            "unit_id": unit.code if unit else None,
            "reason": f"危险：{'、'.join(reading.words)} → {category.name}",
        }
    return suggestion.model_copy(update=changes)


def _is_urgent(rule: TriageRule, town: Town) -> bool:
    category = town.find_category(rule.category or "")
    return bool(rule.urgent or (category and category.urgent))


def _suggestion(
    rule: TriageRule | None,
    category: Category | None,
    word: str,
    matching: list[TriageRule],
    picked: Category | None,
    where: Where,
    town: Town,
) -> Suggestion:
    unit = town.lead_unit(category, where.path) if category else None
    by_choice = category is not None and category is picked
    urgent = bool(category and category.urgent and by_choice) or any(r.urgent for r in matching)
    confidential = bool(category and category.sensitive) or any(r.confidential for r in matching)
    return Suggestion(
        category=category.code if category else None,
        track=category.track if category else Track.SIMPLE,
        urgent=urgent,
        confidential=confidential,
        unit_id=unit.code if unit else None,
        forward_to=rule.forward_to if rule else "",
        sure=bool(rule and rule.sure) or (by_choice and bool(category and category.facility)),
        reason=_reason(rule, category, word, by_choice),
    )


def _reason(rule: TriageRule | None, category: Category | None, word: str, by_choice: bool) -> str:
    if by_choice and category:
        return f"居民选择 → {category.name}"
    if rule and rule.forward_to:
        return f"关键词 {word} → 转送{rule.forward_to}"
    return f"关键词 {word} → {category.name}" if category else "没有规则符合，请人工判断"


def _match(rule: TriageRule, text: str, where: Where) -> str | None:
    """The word by which a rule matches ("" when it asks for none), or None."""
    if rule.inside_wall is not None and rule.inside_wall != where.inside_wall:
        return None
    if rule.within and rule.within not in where.path:
        return None
    if any(word in text for word in rule.unless):
        return None
    if not rule.keywords:
        return ""
    return next((word for word in rule.keywords if word in text), None)


def _speaks_of(word: str, text: str) -> bool:
    """Whether the text names the thing: 单元门 in 单元门坏了, and not in 单元门口路灯不亮, which says where it is."""
    return word in (text.replace(f"{word}口", "") if word.endswith("门") else text)


def _by_keyword(
    text: str, town: Town, sees: bool, under: Category | None = None
) -> tuple[Category | None, str]:
    """The category (below `under`) with the longest of its keywords in the text: 楼道灯 says more than 灯."""
    hits = [
        (len(word), word, category)
        for category in town.categories
        for word in category.keywords
        if _speaks_of(word, text)
        and (sees or not category.urgent)
        and (under is None or under.code in town.lineage(category.code))
    ]
    if not hits:
        return None, ""
    _, word, category = max(hits, key=lambda hit: hit[0])
    return category, word
