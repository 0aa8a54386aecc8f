"""A phone's photo of 12 megapixels: checked, turned upright, drawn anew without metadata, with its thumbnail."""

import time
from io import BytesIO
from statistics import median

from benchmarks.row import Row, Size
from chalicelib.domain import pictures

MOST_MS = 150
SIDES = (4000, 3000)


def run(size: Size) -> list[Row]:
    photo = _a_photo()
    pictures.prepare(photo)  # what a process does once
    took = [_milliseconds(photo) for _ in range(min(size.reports, 15))]
    how = (
        f"{SIDES[0]} × {SIDES[1]}, {len(photo) / 1e6:.1f} MB, median of {len(took)}; own CPU of {pictures.prepare.__name__}, "
        "without fetching and keeping it"
    )
    spent = median(took)
    return [Row("a photo made ready: CPU", f"≤ {MOST_MS} ms", f"{spent:.0f} ms", how, spent <= MOST_MS)]


def _a_photo() -> bytes:
    """Large shapes under the noise of a sensor, as heavy as a phone's."""
    from PIL import Image

    shapes = Image.effect_noise((SIDES[0] // 8, SIDES[1] // 8), 60).resize(SIDES, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(SIDES, 12)
    file = BytesIO()
    Image.blend(shapes.convert("RGB"), grain.convert("RGB"), 0.35).save(file, "JPEG", quality=85)
    return file.getvalue()


def _milliseconds(photo: bytes) -> float:
    began = time.process_time()
    pictures.prepare(photo)
    return (time.process_time() - began) * 1000
