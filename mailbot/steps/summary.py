"""The readable side of a mail as the ledger keeps it and `process` prints it."""

from __future__ import annotations

from mailbot.domain.kinds import SenderView
from mailbot.domain.mail import Mail
from mailbot.domain.outcome import Json


def summary(mail: Mail, sender: SenderView) -> Json:
    """Subject, addresses, fresh text and attachments, whole: whoever shows it masks it."""
    return {
        "subject": mail.subject,
        "from": sender.address or "；".join(mail.from_values),
        "to": list(mail.to),
        "message_id": mail.message_id,
        "text": mail.text,
        "attachments": [
            {"name": part.name, "sha256": part.sha256, "size": part.size, "type": part.type, "member": part.member}
            for part in mail.parts
        ],
    }
