"""knowledge.csv 政策知识, everyday_words.csv 平常说法 and topics.csv 话题: every answer has somebody who looks after it, every pattern can be read."""

from collections.abc import Mapping

from chalicelib.domain.town_import.links import refuse_duplicates, refuse_unknown
from chalicelib.domain.town_import.sheet import Sheet
from chalicelib.domain.town_import.spelling import refuse_unreadable


def check_knowledge(sheets: Mapping[str, Sheet]) -> None:
    """Add to each sheet what is wrong with it in the light of the units."""
    entries, units = sheets["knowledge"], sheets["units"].values("code")
    refuse_duplicates(entries, "code")
    for row in entries.rows:
        refuse_unknown(entries, row, "keeper", units, "单位")
        if not row.values.get("keeper") and row.values.get("owner") not in units:
            entries.refuse(row.line, "keeper", "负责单位不是本镇的单位，请填由哪个单位看管：到期前由它核对")
        if row.values.get("verified") and not row.values.get("source_title"):
            entries.refuse(row.line, "source_title", "没有依据的不能算已核对，请填依据，或把“已核对”改成否")
    _check_words(sheets["everyday_words"], "term", "everyday")
    _check_words(sheets["topics"], "code", "words")


def _check_words(words: Sheet, name: str, patterns: str) -> None:
    refuse_duplicates(words, name)
    refuse_unreadable(words, words.rows, {patterns: True})
