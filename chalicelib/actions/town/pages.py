"""What the printed URL and the console's address answer: a page, its files, or WeChat's verification file."""

import logging

from chalicelib.domain.errors import NotFound
from chalicelib.domain.town import emergency
from chalicelib.domain.town.codes import is_mistyped, normalise
from chalicelib.gateways import deployment, photos, public, recordings
from chalicelib.store.town import directory, points
from chalicelib.web import files
from chalicelib.web.files import FirstScreen, WebFile

_log = logging.getLogger(__name__)


def open_document(name: str) -> WebFile:
    """`/s/{name}`. Any name that is not a file's is taken for a code; whether it is one the page asks the API."""
    verification = public.verification_file(name)
    if verification is not None:
        return WebFile(content=verification, content_type="text/plain; charset=utf-8", headers={})
    return _open("browser", name, _whom_to_call(name) if not files.is_asset(name) else FirstScreen())


def open_console(name: str) -> WebFile:
    """`/console/{name}`: the desk's page, or one of its files."""
    return _open("desk", name)


def _whom_to_call(name: str) -> FirstScreen:
    """For the page's own HTML. What cannot be read is left out: the page asks the API again, and must open in any case."""
    try:
        town, code = directory.town(), normalise(name)
        point = None if is_mistyped(code) else points.find(code)
        gas = next((each.number for each in town.emergency if each.code == emergency.GAS), "")
        station = town.station_for(point.path).phone if point else ""
    except Exception as fault:
        _log.warning("a page opens without whom to call: %s", type(fault).__name__)
        return FirstScreen()
    return FirstScreen(code=code if point else "", gas=gas, station=station)


def _open(client: str, name: str, first: FirstScreen = FirstScreen()) -> WebFile:  # noqa: B008
    """Raises NotFound for a file of an earlier deployment."""
    if files.is_asset(name):
        if file := files.asset(client, name):
            return file
        raise NotFound("页面已更新，请刷新后重试")
    return files.page(
        client, (*photos.origins(), *recordings.origins()), practice=deployment.is_practice(), first=first
    )
