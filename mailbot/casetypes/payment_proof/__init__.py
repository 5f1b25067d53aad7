"""Payment proofs: what a person mails to show that a make-up year was paid for elsewhere (notice, manual section 6 and
annex 2).

Lives here: telling a proof by content, what is typed and what pictures show kept apart, its facts, items and effects.
Not here: what a fault weighs (rules/payment_proof.toml), how labels are called (rules/forms/payment_proof.toml),
reading files and pictures.
"""

from __future__ import annotations

from collections.abc import Mapping

from mailbot.casetypes.payment_proof.kind import PaymentProofKind
from mailbot.domain.forms import Form


def build(forms: Mapping[str, Form]) -> PaymentProofKind:
    """The kind by its form. Raises `KeyError` where rules/forms/payment_proof.toml is missing or lacks a field."""
    return PaymentProofKind(forms["payment_proof"])


KIND = build
