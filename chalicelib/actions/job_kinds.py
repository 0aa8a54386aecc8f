"""What kinds of jobs there are, and who does a chunk of each."""

from chalicelib.actions import announcing, importing_large, orders
from chalicelib.actions.jobs import Handler

KINDS: dict[str, Handler] = {
    announcing.KIND: announcing.tell,
    importing_large.KIND: importing_large.put_in_force,
    orders.KIND: orders.take_in_chunk,
}
