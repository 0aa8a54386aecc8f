"""凭证: an act is believed with its photos when they have been received and drawn anew, not when they were announced."""

import time
from collections.abc import Iterable

from chalicelib.domain.errors import Invalid
from chalicelib.store import photos
from chalicelib.store.photos import PhotoState

# A photo of a phone is looked at within a second or two of its upload; what takes longer has not been uploaded.
_LOOK_AGAIN = (0.0, 0.5, 1.0, 1.5)  # seconds


def received(photo_ids: Iterable[str], owner: str) -> tuple[str, ...]:
    """The ids, once each, when every photo lies there as it will be shown; waits three seconds at most.

    Raises what `photos.check_owner` refuses, and Invalid, with when to try again, for one that has not arrived.
    """
    wanted = tuple(dict.fromkeys(photo_ids))
    for seconds in _LOOK_AGAIN:
        time.sleep(seconds)
        photos.check_owner(wanted, owner)
        known = photos.get_many(wanted)
        if all(known[photo_id].state is PhotoState.READY for photo_id in wanted):
            return wanted
    raise Invalid(
        "照片还没有传到，请等几秒再提交；一直不成请重拍一张", fields=["photos"], retry_after_seconds=5
    )
