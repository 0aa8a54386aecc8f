"""Keys of what keeps requests in order: once each, so many and no more, one sweep a shard."""

from chalicelib.store.keys.shapes import Key, stands_in


@stands_in("work")
def idempotency(who: str, key: str) -> Key:
    """An act that was done, by the key that its sender gave it."""
    return Key(f"IDEMPOTENCY#{who}#{key}", "IDEMPOTENCY")


@stands_in("work")
def limit(kind: str, subject: str, window: int, shard: int) -> Key:
    """How many of a kind came from a subject in a window of time."""
    return Key(f"LIMIT#{kind}#{subject}#{window}", str(shard))


@stands_in("work")
def writing(ticket_id: str) -> Key:
    """Who was last writing on a ticket, a minute long."""
    return Key(f"WRITING#{ticket_id}", "WRITING")


@stands_in("work")
def nonce(partner: str, given: str) -> Key:
    """A signed request counts once."""
    return Key(f"NONCE#{partner}#{given}", "NONCE")


@stands_in("work")
def pace(receiver: str, window: int) -> Key:
    """How many messages a receiver was sent in a minute."""
    return Key(f"PACE#{receiver}#{window}", "PACE")


@stands_in("work")
def lease(shard: int) -> Key:
    """Which run looks after a shard of alarms just now."""
    return Key(f"SWEEP#{shard}", "LEASE")


@stands_in("work")
def restore_mark() -> Key:
    """Which backup is being restored here, and how far (infra/production/filling.py)."""
    return Key("RESTORE", "RESTORE")
