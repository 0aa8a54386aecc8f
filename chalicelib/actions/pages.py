"""What the printed URL answers: the page, its files, or WeChat's verification file."""

from chalicelib.gateways import deployment, photos, public
from chalicelib.web import files
from chalicelib.web.files import WebFile


def open_document(name: str) -> WebFile:
    """`/s/{name}`. Any name that is not a file's is taken for a code; whether it is one the page asks the API."""
    verification = public.verification_file(name)
    if verification is not None:
        return WebFile(content=verification, content_type="text/plain; charset=utf-8", headers={})
    return files.asset(name) or files.page(photos.origins(), practice=deployment.is_practice())
