"""登记合作方: their columns, codes and addresses, a file each. All are checked before any is written."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.actions.identity import confirming
from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.confirmations import Kind
from chalicelib.domain.town.partner import Partner, read_partner
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.town_import.power import power_of_partner
from chalicelib.gateways import public_hosts
from chalicelib.store.partners import partners


def register(files: Mapping[str, bytes], *, by: Staff, now: datetime) -> list[Partner]:
    """Raises Invalid for a bad line, or an address that is no public host (rule 89); NeedsConfirmation for an address that
    would get what none got before (rule 93). Then nothing is written.
    """
    checked = [read_partner(name.removesuffix(".csv"), content) for name, content in files.items()]
    for partner in checked:
        if partner.address and (fault := public_hosts.fault_now(partner.address)):
            fields = [{"file": f"{partner.name}.csv", "line": 0, "reason": f"address {fault}"}]
            raise Invalid(f"{partner.name}.csv 的地址不能用，没有生效；请改后再交", fields=fields)
    lines = [line for new in checked for line in power_of_partner(partners.find(new.name), new)]
    digest = confirming.digest_of(*(partner.model_dump_json() for partner in checked))
    confirming.need(Kind.PARTNERS, digest, lines, by=by, now=now)
    for partner in checked:
        partners.save(partner)
    return checked
