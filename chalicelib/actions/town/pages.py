"""What the printed URL and the console's address answer: a page, its files, or WeChat's verification file."""

from chalicelib.domain.errors import NotFound
from chalicelib.gateways import deployment, photos, public
from chalicelib.web import files
from chalicelib.web.files import WebFile


def open_document(name: str) -> WebFile:
    """`/s/{name}`. Any name that is not a file's is taken for a code; whether it is one the page asks the API."""
    verification = public.verification_file(name)
    if verification is not None:
        return WebFile(content=verification, content_type="text/plain; charset=utf-8", headers={})
    return _open("browser", name)


def open_console(name: str) -> WebFile:
    """`/console/{name}`: the desk's page, or one of its files."""
    return _open("desk", name)


def _open(client: str, name: str) -> WebFile:
    """Raises NotFound for a file of an earlier deployment."""
    if files.is_asset(name):
        if file := files.asset(client, name):
            return file
        raise NotFound("页面已更新，请刷新后重试")
    return files.page(client, photos.origins(), practice=deployment.is_practice())
