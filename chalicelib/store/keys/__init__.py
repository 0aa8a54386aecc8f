"""Every key of the three tables, one builder for each shape; nowhere else is a key put together (tests/test_keys.py)."""

from chalicelib.store.keys.classes import *
from chalicelib.store.keys.counter import *
from chalicelib.store.keys.feed import *
from chalicelib.store.keys.figures import *
from chalicelib.store.keys.identity import *
from chalicelib.store.keys.jobs import *
from chalicelib.store.keys.notices import *
from chalicelib.store.keys.partners import *
from chalicelib.store.keys.requests import *
from chalicelib.store.keys.shapes import (
    ATTRIBUTES,
    SHAPES,
    Key,
    Shape,
    attributes,
    kind_of,
    listing,
    shelf_of,
    wired,
)
from chalicelib.store.keys.tickets import *
from chalicelib.store.keys.town import *
from chalicelib.store.keys.visits import *
