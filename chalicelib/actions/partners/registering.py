"""登记合作方: their columns, codes and addresses, a file each. All are checked before any is written."""

from collections.abc import Mapping

from chalicelib.domain.errors import Invalid
from chalicelib.domain.town.partner import Partner, read_partner
from chalicelib.gateways import public_hosts
from chalicelib.store.partners import partners


def register(files: Mapping[str, bytes]) -> list[Partner]:
    """Raises Invalid for a bad line, or an address that is no public host (rule 89); then nothing is written."""
    checked = [read_partner(name.removesuffix(".csv"), content) for name, content in files.items()]
    for partner in checked:
        if partner.address and (fault := public_hosts.fault_now(partner.address)):
            fields = [{"file": f"{partner.name}.csv", "line": 0, "reason": f"address {fault}"}]
            raise Invalid(f"{partner.name}.csv 的地址不能用，没有生效；请改后再交", fields=fields)
    for partner in checked:
        partners.save(partner)
    return checked
