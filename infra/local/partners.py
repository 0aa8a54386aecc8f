"""The sample partners of the local cloud: their files, their keys, and where the stand-in plays them."""

import secrets

from infra.local.place import ROOT, Place

SAMPLES = ROOT / "town" / "partners"
PLAYED = "hotline"  # the others have no interface, as most partners


def keys() -> dict[str, str]:
    """A fresh key for each partner of the sample town."""
    return {f"partner_{file.stem}": secrets.token_urlsafe(48) for file in SAMPLES.glob("*.csv")}


def know(place: Place) -> None:
    """The partners of the sample town, as an administrator would send them; one that is known keeps its columns and codes.

    Inside the local cloud's environment only. The stand-in's address goes along with its port.
    """
    from chalicelib.domain.partners import read_partner
    from chalicelib.store import partners

    for file in sorted(SAMPLES.glob("*.csv")):
        known = partners.find(file.stem)
        wanted = known or read_partner(file.stem, file.read_bytes())
        if file.stem == PLAYED and place.phones_port and (known is None or _is_local(known.address)):
            wanted = wanted.model_copy(update={"address": f"{place.phones}/partner/{file.stem}/answers"})
        if wanted != known:
            partners.save(wanted)


def _is_local(address: str) -> bool:
    return address.startswith("http://127.")
