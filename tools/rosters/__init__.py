"""Rosters as clerks bend them, with the truth beside them: seeded, invented people, planted faults, many layouts.

    python -m tools.rosters --seeds 0-5000            judge them, and name every seed that comes out wrong
    python -m tools.rosters --seeds 1-20 --out DIR    write them, each with its truth

Nothing that makes them uses the product's own checks, so that the two can be wrong independently.
"""

from tools.rosters.model import Case, Page, Roster, Row
from tools.rosters.plans import generate

__all__ = ["Case", "Page", "Roster", "Row", "generate"]
