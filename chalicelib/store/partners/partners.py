"""The partners that the town exchanges orders with, one item each."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.town.partner import Partner
from chalicelib.store import documents, keys
from chalicelib.store.table import Table, put, query_all
from chalicelib.store.table import get as get_item


def find(name: str) -> Partner | None:
    item = get_item(Table.WORK, *keys.partner(name))
    return documents.read(Partner, item["document"]) if item else None


def get(name: str) -> Partner:
    """Raises NotFound."""
    partner = find(name)
    if partner is None:
        raise NotFound("没有这个合作方，请核对名称，或请管理员先登记")
    return partner


def list_all() -> list[Partner]:
    return [documents.read(Partner, item["document"]) for item in query_all(Table.WORK, keys.PARTNERS_PK)]


def find_upward(name: str = "") -> Partner | None:
    """The one that tickets are reported up to, by name where there are several; the first by name where none is given."""
    found = [partner for partner in list_all() if partner.upward and name in ("", partner.name)]
    return found[0] if found else None


def save(partner: Partner) -> None:
    put(Table.WORK, keys.attributes(keys.partner(partner.name)) | {"document": partner.model_dump_json()})
