"""The blank forms that go with letters about payment proofs: Annex 2 of the notice, and its letter of commitment.

They are files beside the templates (`templates/forms`), made by `tools/make_forms.py`, so that an office can replace
them by its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from mailbot.domain.campaign import Campaign
from mailbot.domain.letters import CaseView
from mailbot.domain.ports import PortError
from mailbot.outbound import standing
from mailbot.outbound.message import Attachment

PROMISE: Final = "缴费承诺书"


def form_name(campaign: Campaign) -> str:
    """What the notice calls the form of Annex 2: 2016-2019年公需科目缴费凭证表."""
    years = campaign.makeup_years.value
    return f"{min(years)}-{max(years)}年公需科目缴费凭证表" if years else "公需科目缴费凭证表"


def proof_forms(cases: Iterable[CaseView], templates: Path, campaign: Campaign) -> list[Attachment]:
    """The blank forms that a letter about these cases needs, each once. Raises `PortError` (no retry) where one is
    missing."""
    listed = list(cases)
    wanted = (
        ("payment_proof", form_name(campaign), any(standing.wants_proof_form(case) for case in listed)),
        ("commitment", PROMISE, any(standing.offers_commitment(case) for case in listed)),
    )
    folder = templates / "forms"
    return [Attachment(f"{name}（空白表）.docx", _read(folder / f"{file}.docx")) for file, name, go in wanted if go]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise PortError(f"the blank form {path.name} cannot be read: {fault.strerror}", retry=False) from fault
