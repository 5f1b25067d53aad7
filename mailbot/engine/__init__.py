"""Who runs the due steps: claims from the ledger, the flow for mails, `once` for effects and letters, threads and
their clock.

May import domain, flow and ledger types through ports; adapters are handed in. Exactly one broad `except` lives here
(`worker.py`), where a mail that breaks the flow is put back and, after three attempts, set aside for a person.
"""
