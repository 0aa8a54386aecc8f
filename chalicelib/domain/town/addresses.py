"""An address that data is sent to 推送地址: https, a public host by its name, and nothing that says one host and means another."""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from chalicelib.domain.patterns import regex

LONGEST = 300  # characters
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_NAME = regex(rf"(?:{_LABEL}\.){{1,8}}[a-z][a-z0-9-]{{0,61}}[a-z0-9]", re.IGNORECASE)
_PRINTED = regex(r"[!-~]+")  # no blank, no line break, no letter that only looks like one
_LOOPBACK = regex(r"http://127\.0\.0\.1:\d{1,5}(?:/[!-~]*)?")
_UNICAST = ip_network("2000::/3")
_EMBEDDING = (
    ip_network("64:ff9b::/96"),
    ip_network("::ffff:0:0/96"),
)  # NAT64 and mapped: an IPv4 address inside
_NOT_FOR_TRAFFIC = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20"))
)


def fault_of(address: str) -> str:
    """Why nothing may be sent there, by its spelling alone; "" for one that may. What its name resolves to: `is_public`."""
    if is_loopback(address):
        return ""
    if len(address) > LONGEST or not _PRINTED.fullmatch(address) or "\\" in address:
        return f"应是不超过 {LONGEST} 个字符的网址，不含空格、换行和中文"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "不是完整的网址"
    if parts.scheme != "https":
        return "应以 https:// 开头"
    if "@" in parts.netloc:
        return "不能带用户名和密码"
    if not _NAME.fullmatch(host) or port == 0:
        return "应写公网域名，不写 IP 地址，也不写内部主机名"
    return ""


def is_loopback(address: str) -> bool:
    """Whether it is a port of this very machine, which holds in the local stage alone."""
    return bool(_LOOPBACK.fullmatch(address))


def is_public(ip: str) -> bool:
    """Whether an address that a name resolved to is one of the open internet; an IPv4 address inside an IPv6 one counts as itself."""
    found = ip_address(ip.partition("%")[0])
    if isinstance(found, IPv6Address):
        if any(found in net for net in _EMBEDDING if isinstance(net, IPv6Network)):
            return is_public(str(IPv4Address(int(found) & 0xFFFFFFFF)))
        if found not in _UNICAST:
            return False
    reserved = any(found in net for net in _NOT_FOR_TRAFFIC if net.version == found.version)
    return found.is_global and not found.is_multicast and not reserved
