"""The verbs: one module a group, each reading its arguments, calling the composition root, and printing.

May import every room; no room imports it. Nothing is decided here: a verb that changes something names who does it
and why. Every foreseen failure is one line on stderr and an exit code of `exits.ExitCode`, never a traceback.
"""

from mailbot.cli.app import main

__all__ = ["main"]
