"""What becomes of a picture: upright, small, without metadata; and what is refused."""

import random
import struct
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from chalicelib.domain import pictures
from chalicelib.domain.pictures import Box, NoPhoto, prepare


def a_picture(kind="JPEG", size=(80, 40), mode="RGB", colour="red", **how):
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **how)
    return out.getvalue()


def opened(data):
    image = Image.open(BytesIO(data))
    image.load()
    return image


def a_bomb():
    """A small PNG that claims to unpack to 400 million pixels."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 60_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "MPO"])
def test_photos_of_the_usual_kinds_become_jpeg(kind):
    how = {"save_all": True, "append_images": [Image.new("RGB", (80, 40))]} if kind == "MPO" else {}
    prepared = prepare(a_picture(kind, **how))
    assert opened(prepared.photo).format == "JPEG"
    assert opened(prepared.photo).size == (80, 40) == (prepared.width, prepared.height)


def test_no_metadata_survives():
    exif = Image.Exif()
    exif[0x010F], exif[0x9286], exif[0x8825] = "PhoneMaker", "comment", {1: "N", 2: (31.0, 7.0, 0.0)}
    data = a_picture(
        exif=exif, comment=b"secret comment", icc_profile=b"profile", dpi=(72, 72), xmp=b"<x:xmpmeta/>"
    )
    assert b"PhoneMaker" in data
    for shown in prepare(data)[:2]:
        assert not set(opened(shown).info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not opened(shown).getexif()
        for secret in (b"PhoneMaker", b"secret comment", b"profile", b"xmpmeta"):
            assert secret not in shown


def test_text_inside_a_png_does_not_survive():
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_text("Author", "somebody")
    assert b"somebody" not in prepare(a_picture("PNG", pnginfo=note)).photo


def test_a_picture_held_sideways_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    prepared = prepare(a_picture(size=(80, 40), exif=exif))
    assert (prepared.width, prepared.height) == (40, 80)


@pytest.mark.parametrize(
    ("size", "shown", "thumbnail"),
    [
        ((2048, 1024), (2048, 1024), (320, 160)),
        ((2049, 1000), (2048, 1000), (320, 156)),
        ((1000, 4000), (500, 2000), (80, 320)),  # unpacked at half of its size
        ((4032, 3024), (2016, 1512), (320, 240)),
        ((8000, 6000), (2000, 1500), (320, 240)),
        ((320, 10), (320, 10), (320, 10)),
        ((1, 1), (1, 1), (1, 1)),
    ],
)
def test_the_longest_side_is_2048_at_most_and_the_thumbnails_320(size, shown, thumbnail):
    prepared = prepare(a_picture(size=size))
    assert opened(prepared.photo).size == shown
    assert opened(prepared.thumbnail).size == thumbnail


def test_transparency_becomes_white():
    prepared = prepare(a_picture("PNG", mode="RGBA", colour=(0, 0, 0, 0)))
    assert min(opened(prepared.photo).getpixel((5, 5))) > 250


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "CMYK", "I;16"])
def test_pictures_of_other_colour_modes_are_taken(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(prepare(a_picture(kind, mode=mode, colour=0)).photo).mode == "RGB"


@pytest.mark.parametrize(("grey", "shown"), [(0, 0), (16_384, 64), (32_768, 128), (65_535, 255)])
def test_sixteen_bits_of_grey_look_as_they_did(grey, shown):
    photo = opened(prepare(a_picture("PNG", mode="I;16", colour=grey)).photo)
    assert abs(photo.getpixel((5, 5))[0] - shown) <= 2


def test_wide_colours_are_brought_to_those_of_every_screen():
    """The same numbers mean a stronger red on a phone's wide screen: drawn without their profile they would look pale."""
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    assert (
        prepare(a_picture("PNG", icc_profile=wide.tobytes())).width == 80
    )  # a profile of another kind is left alone
    swapped = a_profile_that_swaps_red_and_blue()
    red, _, blue = opened(prepare(a_picture("PNG", icc_profile=swapped, colour="red")).photo).getpixel((5, 5))
    assert blue > red


def a_profile_that_swaps_red_and_blue():
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", profile, 128)[0]
    for entry in range(132, 132 + 12 * count, 12):
        tag = bytes(profile[entry : entry + 4])
        profile[entry : entry + 4] = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(tag, tag)
    return bytes(profile)


def test_what_an_iphone_or_a_huawei_takes_is_a_photo_whatever_it_was_called():
    prepared = prepare((Path(__file__).parents[1] / "fixtures" / "phone.heic").read_bytes())
    shown = opened(prepared.photo)
    assert shown.format == "JPEG"
    assert shown.size == (48, 64)  # 64 by 48, held sideways
    assert not shown.getexif()
    assert b"TestPhone" not in prepared.photo


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture at all",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        a_picture("GIF"),
        a_picture("BMP"),
        a_picture(size=(500, 500))[:-200],
        a_picture("PNG", size=(500, 500))[:-40],
        a_bomb(),
        a_picture("WEBP", save_all=True, append_images=[Image.new("RGB", (80, 40))]),
        a_picture("PNG", save_all=True, append_images=[Image.new("RGB", (80, 40))]),
        b"\x00\x00\x00\x18ftypheic" + bytes(3000),
        b"\x00\x00\x00\x18ftypmp42" + bytes(3000),
    ],
    ids=[
        "empty",
        "text",
        "svg",
        "pdf",
        "gif",
        "bmp",
        "torn jpeg",
        "torn png",
        "bomb",
        "moving webp",
        "moving png",
        "no real heic",
        "video",
    ],
)
def test_what_is_no_still_photo_is_refused(data):
    with pytest.raises(NoPhoto):
        prepare(data)


@pytest.mark.parametrize(("extra", "taken"), [(-1, True), (0, True), (1, False)])
def test_more_pixels_than_the_limit_are_refused_before_unpacking(monkeypatch, extra, taken):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 5_000)
    data = a_picture("PNG", size=(5_000 + extra, 1))
    if taken:
        assert prepare(data).height == 1
    else:
        with pytest.raises(NoPhoto):
            prepare(data)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "AVIF"]), st.integers(0, 2**32), st.integers(1, 30))
def test_damaged_bytes_are_shown_clean_or_refused_and_never_a_fault(kind, seed, holes):
    chance = random.Random(seed)
    exif = Image.Exif()
    exif[0x0112] = 6
    data = bytearray(a_picture(kind, exif=exif))
    for _ in range(holes):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with suppress(NoPhoto):
        assert opened(prepare(bytes(data)).photo).format == "JPEG"


def striped():
    """Left half black, right half white."""
    image = Image.new("RGB", (200, 100), "white")
    image.paste("black", (0, 0, 100, 100))
    out = BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def near(pixel, colour):
    return all(abs(one - other) <= 12 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize(
    ("box", "covered", "left"),
    [
        (Box(500, 0, 1000, 500), [(101, 0), (199, 49)], [(150, 60), (50, 20)]),
        (Box(0, 0, 1000, 1000), [(0, 0), (199, 99)], []),
        (Box(999, 999, 1000, 1000), [(199, 99)], [(150, 50)]),
    ],
)
def test_what_is_covered_shows_one_colour_and_the_rest_stays(box, covered, left):
    drawn = pictures.cover(striped(), (box,))
    image, before = opened(drawn.photo), opened(striped())
    assert all(near(image.getpixel(at), pictures.COVER) for at in covered)
    assert all(near(image.getpixel(at), before.getpixel(at)) for at in left)
    assert max(opened(drawn.thumbnail).size) <= pictures.THUMBNAIL_SIDE


def test_a_covered_picture_bears_no_metadata_and_no_second_picture():
    drawn = pictures.cover(prepare(a_picture("JPEG")).photo, (Box(0, 0, 500, 500),))
    assert not opened(drawn.photo).getexif()
    assert drawn.photo.count(b"\xff\xd8\xff") == 1
