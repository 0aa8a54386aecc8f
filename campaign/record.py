"""What is kept of a campaign, for a checker that believes nobody: one line of JSON each, in files of one folder."""

import base64
import gzip
import json
import shutil
from pathlib import Path
from typing import Any

HISTORY = "history.jsonl"  # requests and answers
ARRIVED = "arrived.jsonl"  # what phones and the subscriber received, and the weather
TABLES = "tables.jsonl"  # every item of every table at the end
PLANTED = "planted.jsonl"  # what identifies a resident, and who may know it
PHOTOS = "photos.jsonl"  # what was taken, by whom, and whether it got there whole
PHONES = "phones.jsonl"  # whose WeChat is whose, as the town's tables name the person
FILES = "files.jsonl"  # every picture in the bucket at the end
PEOPLE = "people.jsonl"  # the staff: code, unit, roles
FAULTS = "faults.jsonl"  # what the product wrote into its log as an error: for whoever looks at a failed run
RUNNER = "CAMPAIGN_RUNNER"  # names to a segment the process without which nobody wants it
PACKED = ".gz"  # after the name of a file that is kept packed
SAID = "said.json"  # the seed, how many reports, what was dealt out


class Record:
    """Writes the files of one campaign. `order` counts what anybody sees, so that before and after can be told."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.order = folder, 0
        self._open: dict[str, Any] = {}

    def tick(self) -> int:
        self.order += 1
        return self.order

    def note(self, file: str, **line: Any) -> None:
        if file not in self._open:
            self._open[file] = (self.folder / file).open("w", encoding="utf-8")
        self._open[file].write(json.dumps(line, ensure_ascii=False, default=_plain) + "\n")

    def say(self, **said: Any) -> None:
        text = json.dumps(said, ensure_ascii=False, indent=1)
        (self.folder / SAID).write_text(text + "\n", encoding="utf-8")

    def close(self) -> None:
        for each in self._open.values():
            each.close()


def _plain(value: Any) -> Any:
    """Bytes as base64, a set in order, anything else as its text."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return sorted(value) if isinstance(value, set) else str(value)


def pack(folder: Path) -> None:
    """Keeps the record of what held as a tenth of its bytes, to be judged again; one that is killed meanwhile is whole either way."""
    for file in sorted(folder.glob("*.jsonl")):
        packed, half = Path(f"{file}{PACKED}"), Path(f"{file}{PACKED}.half")
        with file.open("rb") as lines, gzip.open(half, "wb", compresslevel=1) as out:
            shutil.copyfileobj(lines, out)
        half.replace(packed)
        file.unlink()
