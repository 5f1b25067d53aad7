"""The words and laws of the house: mail, records, findings, decisions, effects, states, campaign, working days.

Everything here is pure: no I/O, no clock, no randomness, nothing else of mailbot. A value comes in, a value goes out.
Records that cross a trust line (out of the reader's child, out of a TOML file) are pydantic models; the others are
frozen dataclasses. `ports.py` holds the protocols that the adapters meet.
"""
