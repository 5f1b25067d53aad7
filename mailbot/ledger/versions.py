"""The frozen versions of a case: by which mail, when and under which rules each was judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from mailbot.domain.findings import Finding
from mailbot.domain.outcome import Json
from mailbot.ledger.codec import findings_in
from mailbot.ledger.tables.case import case_versions


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version. `at` is the clock value of its pass, `rulebook` the hash of the rules that judged it, `findings`
    those of the case itself, `context` the frozen look-ups."""

    version: int
    mail_id: int | None
    at: datetime
    outcome: str
    rulebook: str
    source: Json
    header: Json
    findings: tuple[Finding, ...]
    context: Json


def versions_of(conn: Connection, case_id: str) -> list[VersionLine]:
    """Every version of a case, the first one first; none for a case that does not exist."""
    query = select(case_versions).where(case_versions.c.case_id == case_id).order_by(case_versions.c.version)
    return [
        VersionLine(
            version=row["version"],
            mail_id=row["mail_id"],
            at=row["at"],
            outcome=row["outcome"],
            rulebook=row["rulebook"],
            source=row["source"],
            header=row["header"],
            findings=findings_in(row["findings"]),
            context=row["context"],
        )
        for row in conn.execute(query).mappings()
    ]
