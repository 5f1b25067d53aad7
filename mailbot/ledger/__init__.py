"""The ledger: what the house knows, durably, and what is due.

Tables that only store (domain values in, domain values out), the two commits, the outbox of effects and letters, the
blobs and the audit chain. `Ledger` in `ledger.py` is the door; its parts meet the ports of `domain.ports`.
Nothing here decides, reads a mail, speaks to a network or reads the clock; no transaction outlives a method.
"""
