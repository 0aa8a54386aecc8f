"""Budget: the deployment's zip is at most 30 MB; forms in Word cost 5 of them."""

import tempfile
import zipfile
from collections import Counter
from pathlib import Path

from benchmarks.row import Row, Size
from infra import package

MOST_MB = 30
MB = 1024 * 1024


def run(_size: Size) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        package.build(Path(folder), stage="local")
        code = Path(folder) / "deployment.zip"
        size, largest = code.stat().st_size / MB, _largest(code)
    how = f"infra/package.py, as deployed; largest parts: {largest}"
    return [Row("deployment zip", f"≤ {MOST_MB} MB", f"{size:.1f} MB", how, size <= MOST_MB)]


def _largest(code: Path) -> str:
    parts: Counter[str] = Counter()
    with zipfile.ZipFile(code) as archive:
        for file in archive.infolist():
            parts[file.filename.split("/")[0]] += file.compress_size
    return ", ".join(f"{name} {size / MB:.1f}" for name, size in parts.most_common(4))
