"""What kinds of jobs there are, and who does a chunk of each."""

from chalicelib.actions.classes import announcing
from chalicelib.actions.jobs import Handler
from chalicelib.actions.partners import orders
from chalicelib.actions.town import importing_large

KINDS: dict[str, Handler] = {
    announcing.KIND: announcing.tell,
    importing_large.KIND: importing_large.put_in_force,
    orders.KIND: orders.take_in_chunk,
}
