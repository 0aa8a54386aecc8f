"""Connections that reach public hosts alone (rule 89): a name is resolved once, every answer is looked at, and just that is connected to."""

import socket
from functools import cache
from typing import Any

from chalicelib.domain.town.addresses import fault_of, is_loopback, is_public
from chalicelib.settings import settings

ON_THIS_MACHINE = frozenset({"local", "test"})  # stages that no deployment to AWS may be called


def fault_now(address: str) -> str:
    """Why nothing may be sent to an address as things stand; "" for one that may, or whose name says nothing today.

    A name that does not resolve is no fault of an import: nothing can be sent there, and each connection looks again.
    """
    if (fault := spelling_fault(address)) or is_loopback(address):
        return fault
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    try:
        found = resolved(parts.hostname or "", parts.port or 443)
    except OSError:
        return ""
    return "" if all(map(is_public, found)) else "域名指向内部网络，不能作为对外的地址"


def spelling_fault(address: str) -> str:
    """Why nothing may be sent to an address, without asking for its name. This very machine only in the local stage."""
    if is_loopback(address) and settings().stage not in ON_THIS_MACHINE:
        return "应以 https:// 开头"
    return fault_of(address)


def resolved(host: str, port: int) -> tuple[str, ...]:
    """Every address of a host. Raises OSError for a name that does not resolve."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


@cache
def pool() -> Any:
    """A pool that connects to https hosts, and to them only where all their addresses are public."""
    from urllib3 import HTTPSConnectionPool, PoolManager

    manager = PoolManager(num_pools=4, maxsize=2)
    guarded = type("PublicPool", (HTTPSConnectionPool,), {"ConnectionCls": _connection_class()})
    manager.pool_classes_by_scheme = {"https": guarded}
    return manager


def _connection_class() -> Any:
    from urllib3.connection import HTTPSConnection
    from urllib3.exceptions import NameResolutionError, NewConnectionError

    class PublicConnection(HTTPSConnection):
        """TLS and its certificate are still for the name; the socket goes to an address that was looked at."""

        def _new_conn(self) -> socket.socket:
            name, port = self._dns_host, self.port
            try:
                found = resolved(name, port or 443)
            except socket.gaierror as fault:
                raise NameResolutionError(self.host, self, fault) from fault
            if not found or not all(map(is_public, found)):
                raise NewConnectionError(self, "not a public host")
            for number, address in enumerate(found, 1):
                try:
                    self._dns_host = address  # what urllib3 now looks up is that very one
                    return super()._new_conn()
                except NewConnectionError:  # such as IPv6 where there is none; a timeout is the host's own
                    if number == len(found):
                        raise
                finally:
                    self._dns_host = name
            raise NewConnectionError(self, "no address")

    return PublicConnection
