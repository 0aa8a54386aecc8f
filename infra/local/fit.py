"""Makes the package run on this machine's own Lambdas, where that is not Linux on x86-64.

The package carries what AWS will run. Elsewhere its compiled parts cannot be loaded, so they are left out, and the same
requirements are installed where the Lambdas of ministack run.
"""

import platform
import zipfile
from pathlib import Path

OURS = ("app.py", "chalicelib/", "chalice/")


def is_native() -> bool:
    """Whether this machine can load what Lambda loads."""
    return (platform.system(), platform.machine()) == ("Linux", "x86_64")


def without_dependencies(code: Path) -> Path:
    """A second package beside `code` with our own code and chalice only."""
    small = code.with_name("deployment-local.zip")
    with zipfile.ZipFile(code) as whole, zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as out:
        for entry in whole.infolist():
            if entry.filename.startswith(OURS):
                out.writestr(entry, whole.read(entry))
    return small
