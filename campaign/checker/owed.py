"""Who must hear of what, written by hand from the town's rules (docs/rules.md, the article), not from the product's table.

Of each kind of line: who is owed at least a line in the inbox. "reporter": whoever reported; "handler": who has the
ticket after it; "desk": somebody of the station. A test holds it against the product's own table.
"""

OWED: dict[str, frozenset[str]] = {
    "received": frozenset({"reporter"}),  # 5分钟内有反馈
    "dispatched": frozenset({"reporter", "handler"}),
    "assigned_finally": frozenset({"reporter", "handler"}),
    "sent_without_words": frozenset({"reporter", "handler", "desk"}),  # 原话待转
    "words_released": frozenset({"reporter", "handler"}),
    "words_summed_up": frozenset({"reporter", "handler"}),
    "words_kept": frozenset({"reporter", "handler"}),
    "transferred": frozenset({"handler"}),
    "taken": frozenset({"reporter"}),
    "arrived": frozenset({"reporter"}),
    "unit_feedback": frozenset({"reporter"}),
    "returned": frozenset({"desk"}),
    "resolved": frozenset({"reporter"}),  # 双回访, the unit's
    "reworked": frozenset({"reporter", "handler"}),
    "reopened": frozenset({"reporter"}),
    "answered": frozenset({"reporter"}),
    "declined": frozenset({"reporter"}),
    "forwarded": frozenset({"reporter"}),
    "merged": frozenset({"reporter"}),
    "divided": frozenset({"reporter"}),
    "suspended": frozenset({"reporter"}),
    "waiting": frozenset({"reporter"}),
    "extension_decided": frozenset({"handler"}),
    "supervised": frozenset({"handler"}),
    "closed": frozenset({"reporter"}),
    "exempted": frozenset(),
}

# Of each kind of line: the words that are pushed, not only laid into an inbox: who is told so has to act, or was
# promised to hear it (docs/rules.md).
PUSHED: dict[str, frozenset[str]] = {
    "received": frozenset({"received"}),
    "dispatched": frozenset({"dispatched", "assigned"}),
    "assigned_finally": frozenset({"dispatched", "assigned"}),
    "sent_without_words": frozenset({"sent_without_words", "assigned", "words_to_look_at"}),
    "words_released": frozenset({"words_released"}),
    "words_summed_up": frozenset({"words_released"}),
    "transferred": frozenset({"assigned"}),
    "reworked": frozenset({"reworked", "rework_assigned"}),
    "resolved": frozenset({"resolved_ask"}),
    "closed": frozenset({"closed"}),
}

# What goes back to the hotline of what the town did, in the words that the two agreed on (town/partners/hotline.csv).
PARTNER_ACTS: dict[str, str] = {
    "taken": "签收",
    "forwarded": "退单",
    "declined": "退单",
    "extension_decided": "延期",
    "resolved": "办结",
    "answered": "办结",
    "explained": "办结",
    "withdrawn": "撤单",
    "closed": "办结",
}
