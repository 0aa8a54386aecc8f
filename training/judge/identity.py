"""What identifies leaves the text (rule 41): each row judged as the property manager of an ordinary ticket reads it.

`mask` and `keep` are substrings of the text, apart by |: the first must be gone, the second must stand.
"""

from collections.abc import Sequence

from chalicelib.domain.identity.scrub import scrub

COLUMNS = ("text", "contact_name", "contact_phone", "mask", "keep")


def figures(rows: Sequence[dict[str, str]]) -> tuple[dict[str, object], list[str]]:
    """The counts, and the rows in which something stayed or went that should not."""
    masked = of = kept = of_keep = 0
    wrong: list[str] = []
    for number, row in enumerate(rows, 2):
        shown = scrub(row["text"], name=row["contact_name"] or "", phone=row["contact_phone"] or "")
        mask, keep = _parts(row["mask"]), _parts(row["keep"])
        left, lost = [part for part in mask if part in shown], [part for part in keep if part not in shown]
        masked, of = masked + len(mask) - len(left), of + len(mask)
        kept, of_keep = kept + len(keep) - len(lost), of_keep + len(keep)
        if left or lost:
            wrong.append(f"第 {number} 行：没有隐去 {left}，不该隐去 {lost}")
    return {"what": "identity", "masked": masked, "of": of, "kept": kept, "of_keep": of_keep}, wrong


def _parts(cell: str | None) -> list[str]:
    return [part for part in (cell or "").split("|") if part]
