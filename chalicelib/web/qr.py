"""A QR code as SVG: level Q, with the quiet zone that ISO/IEC 18004 asks for."""

from functools import lru_cache

QUIET_ZONE = 4  # modules on each side


def qr_drawing(url: str, left: float, top: float, side: float) -> str:
    """The code as an SVG path; `side` counts the quiet zone. Lengths in mm."""
    path, modules = qr_path(url)
    scale = side / (modules + 2 * QUIET_ZONE)
    shift = QUIET_ZONE * scale
    return (
        f'<path transform="translate({left + shift:.3f} {top + shift:.3f}) scale({scale:.5f})" '
        f'shape-rendering="crispEdges" d="{path}"/>'
    )


@lru_cache(maxsize=500)
def qr_path(url: str) -> tuple[str, int]:
    """The code of `url` at level Q as an SVG path, one unit a module without quiet zone, and its size in modules."""
    from qrcode import QRCode, constants

    code = QRCode(error_correction=constants.ERROR_CORRECT_Q, border=0)
    code.add_data(url.encode())
    code.make(fit=True)
    rows = code.get_matrix()
    return "".join(_runs(row, y) for y, row in enumerate(rows)), len(rows)


def _runs(row: list[bool], y: int) -> str:
    """The dark stretches of one row; one rectangle each keeps a sheet of twelve small."""
    starts = [x for x, dark in enumerate(row) if dark and (x == 0 or not row[x - 1])]
    ends = [x + 1 for x, dark in enumerate(row) if dark and (x == len(row) - 1 or not row[x + 1])]
    return "".join(f"M{start} {y}h{end - start}v1H{start}z" for start, end in zip(starts, ends, strict=True))
