"""The facts of a proof as a whole: its pictures and files, what is known of them, and who sent it."""

from __future__ import annotations

from mailbot.casetypes.payment_proof.items import id_hash, order_hashes
from mailbot.casetypes.payment_proof.values import ProofRecord
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.proof import PROOF
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.kinds import Situation, Subject
from mailbot.domain.outcome import PictureUse


def proof_subject(record: ProofRecord, situation: Situation) -> Subject:
    """The case's own subject, number 0."""
    return Subject("proof", 0, PROOF.row({**_pictures(record), **_used(record, situation), **_sender(situation)}))


def _pictures(record: ProofRecord) -> dict[str, FactValue]:
    pictures = record.pictures
    bare = not record.payments and not pictures.proofs
    nothing_read = bare and not pictures.unread
    looked = pictures.total - pictures.unread - pictures.broken
    return {
        "proof.pictures": pictures.total,
        "proof.unread": pictures.unread > 0,
        "proof.unreadable": pictures.broken > 0,
        "proof.missing": UNKNOWN if bare and (pictures.unread or record.files) else nothing_read and not pictures.total,
        "proof.not_a_proof": UNKNOWN if pictures.unread else looked > 0 and not pictures.proofs,
        "proof.others": pictures.others if pictures.proofs else 0,
        "proof.cards": pictures.cards,
        "proof.unassigned": record.unassigned,
        "proof.left_out": record.left_out,
        "proof.file_unread": bool(record.files),
        "proof.files": record.files,
    }


def _used(record: ProofRecord, situation: Situation) -> dict[str, FactValue]:
    """Where the pictures came before. A look-alike counts only where it shows another order: screens of one program
    all look alike, and the same order is told by its number."""
    me, orders = id_hash(record, situation.hasher), set(order_hashes(record, situation.hasher))
    uses = [use for pixels, _ in record.pictures.shown for use in situation.lookups.pictures.get(pixels, ())]
    same = [use for use in uses if use.distance == 0]
    mine = [use for use in same if _is_mine(use, me)]
    alike = [use for use in uses if use.distance and not _is_mine(use, me)]
    return {
        "proof.image_reused": len(mine) < len(same),
        "proof.image_again": bool(mine),
        "proof.image_similar": any(not orders & set(use.orders) for use in alike if use.orders and orders),
    }


def _is_mine(use: PictureUse, me: str | None) -> bool:
    """Whether a picture was used for this very person, and nobody else."""
    return me is not None and set(use.people) == {me}


def _sender(situation: Situation) -> dict[str, FactValue]:
    sender = situation.sender
    return {
        "sender.verified": UNKNOWN if sender.verified is None else sender.verified,
        "sender.ambiguous": sender.ambiguous,
        "sender.lookalike": sender.lookalike,
        "sender.posing": sender.posing,
        "sender.reply_elsewhere": sender.reply_elsewhere,
    }
