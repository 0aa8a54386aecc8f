"""The bucket of pictures, in this process: what a browser uploads into it, what the product reads, writes and deletes."""

import base64
import random
from collections.abc import Callable
from io import BytesIO
from typing import Any

from campaign.faults import Faults

INCOMING = "incoming/"


class NoSuchKey(Exception):
    """S3 has no such file."""


class Shelf:
    """In the place of boto3's client of S3, with the few methods that `chalicelib/gateways/photos.py` calls."""

    class exceptions:
        NoSuchKey = NoSuchKey

    def __init__(self, faults: Faults) -> None:
        self.files: dict[str, bytes] = {}
        self._faults = faults

    def generate_presigned_post(self, _bucket: str, key: str, **_how: Any) -> dict[str, Any]:
        return {"url": "https://files.invalid/", "fields": {"key": key}}

    def generate_presigned_url(self, _method: str, *, Params: dict[str, str], **_how: Any) -> str:
        return f"https://files.invalid/{Params['Key']}"

    def get_object(self, *, Key: str, **_how: Any) -> dict[str, Any]:
        def found() -> dict[str, Any]:
            if Key not in self.files:
                raise NoSuchKey(Key)
            return {"Body": BytesIO(self.files[Key])}

        return dict(self._faults.request(found))

    def put_object(self, *, Key: str, Body: bytes, **_how: Any) -> None:
        self._faults.request(lambda: self.files.update({Key: Body}))

    def delete_object(self, *, Key: str, **_how: Any) -> None:
        self._faults.request(lambda: self.files.pop(Key, None))

    def dump(self, note: Callable[..., None]) -> None:
        for key in sorted(self.files):
            note(key=key, bytes=base64.b64encode(self.files[key]).decode())


def a_photo(chance: random.Random, mark: str) -> bytes:
    """A small JPEG as a phone takes it: it says in its metadata where it was taken, here `mark`."""
    from PIL import Image

    picture = Image.new(
        "RGB", (64, 48), (chance.randrange(256), chance.randrange(256), chance.randrange(256))
    )
    exif = Image.Exif()
    exif[0x010E] = mark  # ImageDescription
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()
