"""Schemas of policy knowledge 政策知识, and of what is owed to it."""

from typing_extensions import TypedDict

from chalicelib.domain.schemas import NamedFile


class EntryShown(TypedDict):
    """An entry with its source."""

    code: str
    version: str
    title: str
    answer: str
    steps: str
    source_title: str
    source_url: str
    source_date: str | None
    valid_until: str | None
    owner: str
    phone: str


class EntryFound(EntryShown):
    """The same for the desk, which checks one that is not verified."""

    verified: bool
    sure: bool


class DraftShown(TypedDict):
    """A question that no entry answers, with the answer given by hand where there is one."""

    id: str
    question: str
    answer: str
    title: str
    steps: str
    source_title: str
    source_url: str
    source_date: str | None
    keeper: str
    keeper_name: str
    station: str
    at: str
    times: int


class EntryToMend(TypedDict):
    """An entry that ends, or lacks something."""

    code: str
    title: str
    valid_until: str | None
    is_over: bool


class Owed(TypedDict):
    """What a unit owes to the knowledge."""

    drafts: list[DraftShown]
    ending: list[EntryToMend]
    unsourced: list[EntryToMend]
    unverified: list[EntryToMend]


class KnowledgeFile(NamedFile):
    """knowledge.csv in force; `drafts`: how many rows stand below it."""

    drafts: int
