"""What becomes of a picture before anyone sees it: checked, turned upright, freed of metadata, made smaller.

Sizes in pixels. What the bytes are decides, not what they were called: phones name HEIC a JPEG. Metadata (where and when
a picture was taken, by which phone) never survives, because the picture is drawn anew (rule 44).
"""

from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

# MPO: two JPEGs in one, some phones. HEIF: iPhone, Huawei, Xiaomi. The names are Pillow's.
_TAKEN = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
_MANY_IN_ONE = ("MPO", "HEIF")  # a burst or a moving photo: its first picture is the photo
KINDS = "JPG、PNG、WebP、HEIC 或 AVIF 照片"  # for people
LONGEST_SIDE = 2048
ENOUGH = 2000  # what phones take, 4000 to 4096, is then unpacked at half of it and needs no shrinking
THUMBNAIL_SIDE = 320
COVER = (38, 42, 48)  # what a covered part is painted in
# A phone's 48-megapixel photo passes; a small file that unpacks to gigabytes does not
MOST_PIXELS = 60_000_000
PHOTO_QUALITY, THUMBNAIL_QUALITY = 85, 78


class NoPhoto(Exception):
    """The bytes are not a picture we take. The message is Chinese and says what to do."""


class Box(NamedTuple):
    """A part of a picture, in thousandths of its width and height from the upper left corner; each side beyond the other."""

    left: int
    top: int
    right: int
    bottom: int


class Prepared(NamedTuple):
    photo: bytes  # JPEG
    thumbnail: bytes  # JPEG
    width: int
    height: int


def prepare(data: bytes) -> Prepared:
    """The picture as it may be shown, and its thumbnail, both JPEG in sRGB without metadata.

    Raises NoPhoto for what is not a picture, truncated, animated, or of more than 60 million pixels.
    """
    photo = _within(_upright(data), LONGEST_SIDE)
    thumbnail = _within(photo, THUMBNAIL_SIDE)
    return Prepared(_jpeg(photo, PHOTO_QUALITY), _jpeg(thumbnail, THUMBNAIL_QUALITY), *photo.size)


def cover(photo: bytes, boxes: tuple[Box, ...]) -> Prepared:
    """A published photo with these parts painted over, and its thumbnail: drawn anew, so nothing of them is left in the file.

    Painted in one colour, never blurred: what is blurred can be guessed.
    """
    from PIL import Image, ImageDraw

    with Image.open(BytesIO(photo), formats=("JPEG",)) as image:
        covered = image.convert("RGB")
    brush = ImageDraw.Draw(covered)
    for box in boxes:
        brush.rectangle(_pixels(box, covered.size), fill=COVER)
    thumbnail = _within(covered, THUMBNAIL_SIDE)
    return Prepared(_jpeg(covered, PHOTO_QUALITY), _jpeg(thumbnail, THUMBNAIL_QUALITY), *covered.size)


def _pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The pixels that the box touches, the half ones at its edge too."""
    width, height = size
    return (
        box.left * width // 1000,
        box.top * height // 1000,
        -(-box.right * width // 1000),
        -(-box.bottom * height // 1000),
    )


def _upright(data: bytes) -> "Image":
    from PIL import Image, ImageOps

    if data[4:8] == b"ftyp":
        _read_heif_too()
    try:
        with Image.open(BytesIO(data), formats=_TAKEN) as image:
            _check(image)
            image.draft(
                "RGB", _needed(image.size)
            )  # a JPEG is then unpacked at half or a quarter of its size
            return _opaque(_as_seen(ImageOps.exif_transpose(image)))
    except NoPhoto:
        raise
    except Exception as broken:  # Pillow raises nearly anything for bytes made to hurt it
        raise NoPhoto(f"照片打不开或不完整，请重新拍一张；可以用{KINDS}") from broken


def _needed(size: tuple[int, int]) -> tuple[int, int]:
    """The smallest size to unpack: both sides count, so a square would keep a wide picture whole."""
    longest = max(size)
    return size[0] * ENOUGH // longest, size[1] * ENOUGH // longest


def _read_heif_too() -> None:
    """Teach Pillow HEIC: 30 ms, once, and only where such a picture came."""
    from pi_heif import register_heif_opener

    register_heif_opener()


def _check(image: "Image") -> None:
    if image.width * image.height > MOST_PIXELS:
        raise NoPhoto("照片的尺寸太大，请缩小后再上传")
    if image.format not in _MANY_IN_ONE and getattr(image, "is_animated", False):
        raise NoPhoto("请上传静态照片，不要上传动图")


def _as_seen(image: "Image") -> "Image":
    """With the look it has on the phone: 16 bits of grey brought to 8, wide colours to those of every screen (sRGB)."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 257).convert("L")
    profile = image.info.get("icc_profile")
    return _in_srgb(image, profile) if profile else image


def _in_srgb(image: "Image", profile: bytes) -> "Image":
    """The picture itself where its profile cannot be read, or is of another kind of picture."""
    from PIL import ImageCms

    try:
        source, srgb = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        plain = "RGBA" if image.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(image, source, srgb, outputMode=plain)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


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
    drawn.save(out, "JPEG", quality=quality)
    return out.getvalue()
