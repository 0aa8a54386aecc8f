"""The table act × party (design §13): what each party of a ticket hears of each act, at which level, or why nothing.

The only place that says so: `telling.told` reads it for every act, and delivery goes by the level of the notice. A row is
named by the kind of the line of history; where one kind means several things, the act names the row (`kind/what`).
"""

from chalicelib.domain.parties.parties import Party
from chalicelib.domain.parties.told_cells import NotTold, Row
from chalicelib.domain.parties.told_of_alarms import ALARMS
from chalicelib.domain.parties.told_of_beginning import BEGINNING
from chalicelib.domain.parties.told_of_counter import COUNTER
from chalicelib.domain.parties.told_of_danger import DANGER
from chalicelib.domain.parties.told_of_ending import ENDING
from chalicelib.domain.parties.told_of_joining import JOINING
from chalicelib.domain.parties.told_of_words import WORDS
from chalicelib.domain.parties.told_of_work import WORK

TABLE: dict[str, Row] = BEGINNING | WORK | ALARMS | DANGER | ENDING | JOINING | WORDS | COUNTER

__all__ = ["TABLE", "NotTold", "Party", "Row"]
