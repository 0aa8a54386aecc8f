"""Who is asking: sessions, and the roles that may come in."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.api import http
from chalicelib.domain.errors import NotAllowed, NotSignedIn
from chalicelib.domain.town.vocabulary import CONFIDENTIAL as CONFIDENTIAL
from chalicelib.domain.town.vocabulary import DESK as DESK
from chalicelib.domain.town.vocabulary import HANDLERS as HANDLERS
from chalicelib.domain.town.vocabulary import LEADERS as LEADERS
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.store.identity import sessions
from chalicelib.store.identity.sessions import Kind, Session
from chalicelib.store.town import directory

ANYONE = frozenset(Role)
ADMIN = frozenset({Role.ADMIN})


def session() -> Session:
    """The session of the request's bearer token. Raises NotSignedIn, and Locked while its screen is locked."""
    known = getattr(http.request(), "_session", None)
    if known is None:
        known = _find(sessions.find)
        http.request()._session = known
    return known


def resident() -> Session:
    """The resident who is asking. Raises NotSignedIn, and NotAllowed for a staff session."""
    found = session()
    if found.kind is not Kind.RESIDENT:
        raise NotAllowed("这里是居民入口，工作人员请从工作台操作")
    return found


def caller(allowed: frozenset[Role] = ANYONE) -> Staff:
    """The member of staff who is asking. Raises NotSignedIn, also when he or she has left; NotAllowed for another role."""
    return _staff(session(), allowed)


def even_locked() -> Staff:
    """The same where the screen may be locked: what it still does shows no words of anybody."""
    return _staff(session_even_locked(), ANYONE)


def session_even_locked() -> Session:
    return _find(sessions.find_even_locked)


def _staff(found: Session, allowed: frozenset[Role]) -> Staff:
    if found.kind is not Kind.STAFF:
        raise NotAllowed("此操作仅限工作人员")
    staff = directory.town().find_staff(found.subject)
    if staff is None:
        raise NotSignedIn("您的账号已停用，请联系工作站")
    if not allowed.intersection(staff.roles):
        raise NotAllowed("您的岗位不能进行此操作")
    return staff.model_copy(update={"signed_in_by": found.made_by}) if found.made_by else staff


def anyone() -> Session:
    """A resident, or someone who still works here. Raises NotSignedIn."""
    found = session()
    if found.kind is Kind.STAFF:
        caller()
    return found


def token() -> str:
    scheme, _, value = http.header("Authorization").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        raise NotSignedIn("请先登录")
    return value.strip()


def _find(find: Callable[[str, datetime], Session | None]) -> Session:
    found = find(token(), http.now())
    if found is None:
        raise NotSignedIn("登录已失效，请重新登录")
    return found
