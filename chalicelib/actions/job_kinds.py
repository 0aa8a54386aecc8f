"""What kinds of jobs there are, and who does a chunk of each."""

from chalicelib.actions import announcing, orders
from chalicelib.actions.jobs import Handler

KINDS: dict[str, Handler] = {announcing.KIND: announcing.tell, orders.KIND: orders.take_in_chunk}
