"""The sample partners of the local cloud: their files, their keys, and where the stand-in plays them."""

import csv
import io
import secrets
from pathlib import Path

from infra.local.place import ROOT, Place

SAMPLES = ROOT / "town" / "partners"
PLAYED = "hotline"  # the others have no interface, as most partners
SUBSCRIBES = "city"


def keys() -> dict[str, str]:
    """A fresh key for each partner of the sample town, each subscriber and whoever sends observations."""
    names = {file.stem for file in SAMPLES.glob("*.csv")}
    names |= {row["name"] for row in _rows(SAMPLES.parent / "subscribers.csv")}
    names |= {row["partner"] for row in _rows(SAMPLES.parent / "sensor_rules.csv")}
    return {f"partner_{name}": secrets.token_urlsafe(48) for name in sorted(names)}


def subscribed(files: dict[str, bytes], place: Place) -> dict[str, bytes]:
    """The sample town's files, with the stand-in's address for its subscriber where the stand-in runs."""
    given = files.get("subscribers.csv")
    if given is None or not place.phones_port:
        return files
    rows = list(csv.DictReader(io.StringIO(given.decode("utf-8-sig"))))
    for row in rows:
        if row["name"] == SUBSCRIBES and not row["address"]:
            row["address"] = f"{place.phones}/partner/{SUBSCRIBES}/events"
    filled = io.StringIO()
    table = csv.DictWriter(filled, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return files | {"subscribers.csv": filled.getvalue().encode()}


def know(place: Place) -> None:
    """The partners of the sample town, as an administrator would send them; one that is known keeps its columns and codes.

    Inside the local cloud's environment only. The stand-in's address goes along with its port.
    """
    from chalicelib.domain.town.partner import read_partner
    from chalicelib.store.partners import partners

    for file in sorted(SAMPLES.glob("*.csv")):
        known = partners.find(file.stem)
        wanted = known or read_partner(file.stem, file.read_bytes())
        if file.stem == PLAYED and place.phones_port and (known is None or _is_local(known.address)):
            wanted = wanted.model_copy(update={"address": f"{place.phones}/partner/{file.stem}/answers"})
        if wanted != known:
            partners.save(wanted)


def _rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def _is_local(address: str) -> bool:
    return address.startswith("http://127.")
