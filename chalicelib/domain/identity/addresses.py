"""Whose address a request came from, where a town's own proxy, WAF or CDN stands between (limits count by it)."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
MOST_PROXIES = 8  # between a person and us; a longer list is read no further


def networks(text: str) -> tuple[Network, ...]:
    """`10.1.0.0/16, 203.0.113.7`: addresses and nets by commas. Raises ValueError, also for a net that is everybody."""
    found = tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())
    if wide := [str(net) for net in found if net.prefixlen == 0]:
        raise ValueError(f"{wide[0]} is everybody: then anybody could name any address")
    return found


def caller_address(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """The nearest address that no proxy of ours has, read from behind: what is before it anybody may have written.

    `peer` is who spoke to API Gateway, `forwarded` the X-Forwarded-For as it arrived. Of IPv6 the /64, which is one
    household's. What a proxy of ours passed on and is no address counts as the proxy's own.
    """
    trusted = tuple(trusted)
    nearest = _read(peer)
    if nearest is None or not _is_in(nearest, trusted):
        return _counted(nearest) if nearest else peer
    for text in list(reversed(forwarded.split(",")))[:MOST_PROXIES]:
        said = _read(text)
        if said is None:
            break
        nearest = said
        if not _is_in(said, trusted):
            break
    return _counted(nearest)


def _read(text: str) -> Address | None:
    """An address, also with a port as some proxies write it: 192.0.2.1:4711, [2001:db8::1]:4711."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _is_in(address: Address, trusted: tuple[Network, ...]) -> bool:
    return any(address.version == net.version and address in net for net in trusted)


def _counted(address: Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)
