"""Makes the pictures of `make screens` small enough for a repository: 128 colours each."""

from pathlib import Path

from PIL import Image

for file in sorted((Path(__file__).parents[3] / "docs" / "screens").glob("*.png")):
    Image.open(file).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
