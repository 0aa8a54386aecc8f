"""What becomes of a picture before anyone sees it: checked, turned upright, freed of metadata, made smaller.

Sizes in pixels. Metadata (where and when a picture was taken, by which phone) never survives, because the picture is
drawn anew (rule 44).
"""

from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
}  # MPO: two JPEGs in one, some phones
LONGEST_SIDE = 2048
THUMBNAIL_SIDE = 320
MOST_PIXELS = (
    60_000_000  # a phone's 48-megapixel photo passes; a small file that unpacks to gigabytes does not
)
PHOTO_QUALITY, THUMBNAIL_QUALITY = 85, 78


class NoPhoto(Exception):
    """The bytes are not a picture we take. The message is Chinese and says what to do."""


class Prepared(NamedTuple):
    photo: bytes  # JPEG
    thumbnail: bytes  # JPEG
    width: int
    height: int


def prepare(data: bytes, content_type: str) -> Prepared:
    """The picture as it may be shown, and its thumbnail, both JPEG without metadata.

    Raises NoPhoto for what is not a picture, another kind than `content_type` said, truncated, animated, or of more
    than 60 million pixels.
    """
    upright = _upright(data, content_type)
    photo, thumbnail = _within(upright, LONGEST_SIDE), _within(upright, THUMBNAIL_SIDE)
    return Prepared(_jpeg(photo, PHOTO_QUALITY), _jpeg(thumbnail, THUMBNAIL_QUALITY), *photo.size)


def _upright(data: bytes, content_type: str) -> "Image":
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            _check(image, content_type)
            image.draft(
                "RGB", (LONGEST_SIDE, LONGEST_SIDE)
            )  # a JPEG is then unpacked at the size that is needed
            return _opaque(ImageOps.exif_transpose(image))
    except NoPhoto:
        raise
    except Exception as broken:  # Pillow raises nearly anything for bytes made to hurt it
        raise NoPhoto("照片打不开或不完整，请重新拍一张") from broken


def _check(image: "Image", content_type: str) -> None:
    if image.format not in FORMATS.get(content_type, ()):
        raise NoPhoto("照片的格式和声明的不一样，请换一张 JPG、PNG 或 WebP 照片")
    if image.width * image.height > MOST_PIXELS:
        raise NoPhoto("照片的尺寸太大，请缩小后再上传")
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise NoPhoto("请上传静态照片，不要上传动图")


def _opaque(image: "Image") -> "Image":
    """Without transparency (on white), in plain RGB."""
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")


def _within(image: "Image", side: int) -> "Image":
    small = image.copy()
    small.thumbnail((side, side))  # never enlarges
    return small


def _jpeg(image: "Image", quality: int) -> bytes:
    from PIL import Image

    drawn = Image.new(
        "RGB", image.size
    )  # a fresh picture: pixels come along, `info` with its metadata does not
    drawn.paste(image)
    out = BytesIO()
    drawn.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
