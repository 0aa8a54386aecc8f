"""登记合作方: their columns, codes and addresses, a file each. All are checked before any is written, as their plan said."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.actions.identity import confirming
from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.confirmations import Confirmation, Kind
from chalicelib.domain.partners.codes import warning_of
from chalicelib.domain.town.partner import Partner, read_partner
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.town_import.partner_plan import plan_of_partners
from chalicelib.domain.town_import.plan import Plan, check_plan
from chalicelib.domain.town_import.power import power_of_partner
from chalicelib.gateways import public_hosts
from chalicelib.store.partners import partners
from chalicelib.store.town import directory


def plan(files: Mapping[str, bytes], *, now: datetime) -> Plan | None:
    """先看后登记: what these files would change, nothing written; None where nothing. Raises Invalid as `register`."""
    return _planned(_checked(files), now)


def register(
    files: Mapping[str, bytes],
    *,
    plan_id: str,
    removes: int | None = None,
    emergency: str = "",
    by: Staff,
    now: datetime,
) -> list[Partner]:
    """Raises Invalid for a bad line, or an address that is no public host (rule 89); PlanOver where the plan holds no
    longer (rule 86); NeedsConfirmation for an address that would get what none got before and a signature that asks for less (rule 93).
    Then nothing is written.

    `emergency`: why that cannot wait for a yes; then it holds twelve hours.
    """
    checked = _checked(files)
    planned = _planned(checked, now)
    if planned is None:
        return checked
    check_plan(plan_id, removes, planned)
    before = {new.name: _as_agreed(new.name, now) for new in checked}
    lines = [line for new in checked for line in power_of_partner(before[new.name], new)]
    digest = confirming.digest_of(*(partner.model_dump_json() for partner in checked))
    given = confirming.Power(Kind.PARTNERS, digest, lines)
    if emergency and lines:
        undo = confirming.Undo(
            {name: old.address if old else "" for name, old in before.items()},
            {name: old.signature for name, old in before.items() if old},
        )
        confirming.in_emergency(given, why=emergency, undo=undo, by=by, now=now)
    else:
        confirming.need(given, by=by, now=now)
    for partner in checked:
        partners.save(partner)
    return checked


def _as_agreed(name: str, now: datetime) -> Partner | None:
    """A partner as it was last agreed on by two: what only an emergency gave is not its own yet."""
    known = partners.find(name)
    standing = [each for each in confirming.emergencies(now) if name in each.undo]
    return _before(known, standing[-1]) if known and standing else known


def lapse(asked: Confirmation) -> None:
    """The addresses and signatures that an emergency gave are again what they were."""
    for name in asked.undo:
        if (known := partners.find(name)) is not None:
            partners.save(_before(known, asked))


def _before(known: Partner, asked: Confirmation) -> Partner:
    signature = asked.undo_signatures.get(known.name, known.signature)
    return known.model_copy(update={"address": asked.undo[known.name], "signature": signature})


def _planned(checked: list[Partner], now: datetime) -> Plan | None:
    pairs = [(partners.find(new.name), new) for new in checked]
    plan = plan_of_partners(pairs, directory.town(), now=now)
    unheard = tuple(filter(None, map(warning_of, checked)))
    return plan.model_copy(update={"warnings": (*plan.warnings, *unheard)}) if plan else None


def _checked(files: Mapping[str, bytes]) -> list[Partner]:
    checked = [read_partner(name.rpartition(".")[0] or name, content) for name, content in files.items()]
    for partner in checked:
        if partner.address and (fault := public_hosts.fault_now(partner.address)):
            fields = [{"file": f"{partner.name}.csv", "line": 0, "reason": f"address {fault}"}]
            raise Invalid(f"{partner.name}.csv 的地址不能用，没有生效；请改后再交", fields=fields)
    return checked
