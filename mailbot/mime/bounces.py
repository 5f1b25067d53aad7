"""What a mail server's notice says of a letter that it could not deliver: which address, which letter, for good or not.

By RFC 3464 where the notice is one, by flufl.bounce for the known servers without it, else by the words of the Chinese
providers (Tencent, NetEase, Coremail), which write to people. Nothing here decides whether a notice is believed.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.message import Message
from typing import Final

from flufl.bounce import all_failures

from mailbot.domain.limits import MailLimits
from mailbot.domain.mail import Fate, Mail, Notice
from mailbot.domain.robots import is_returned
from mailbot.mime.charsets import decode
from mailbot.mime.marks import Marks
from mailbot.mime.pages import html_text
from mailbot.mime.repair import repair
from mailbot.mime.words import plain

MOST: Final = 20
"""Addresses and Message-IDs that are kept of one notice: ours tells of one letter to one address."""
_SAID: Final = 300
_TEXT: Final = 64_000
"""Characters of one part that are searched."""
_PARTS: Final = 60
_MESSAGE_ID: Final = re.compile(r"message-id:\s*(<[^<>\s]{1,500}>)", re.IGNORECASE)
_OURS: Final = re.compile(r"<[0-9a-f]{8,64}\.[0-9a-f]{24}@[^<>\s]{1,253}>")
"""How our own Message-IDs look, wherever a notice shows one."""
_ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{2,63}")
_NO_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")
_STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE: Final = re.compile(r"(?<![\d.-])(4[25]\d|5[05]\d)(?=[ \-])")
_WHY: Final = re.compile(
    r"(?:退信原因|失败原因|退回原因|原因|英文说明|Bounce reason|Diagnostic-Code|Reason)\s*[/：:]\s*([^\r\n]{4,})",
    re.IGNORECASE,
)
_NOT_YET: Final = re.compile(
    r"not yet been delivered|still (?:being )?(?:re)?tr(?:y|ied)|will (?:be retried|keep trying|continue to retry)"
    r"|delivery (?:is |has been |temporarily )?(?:delayed|suspended)|warning: message|\(delay(?:ed)?\)"
    r"|投递延迟|延迟投递|延迟通知|暂未送达|尚未送达|暂时无法(?:投递|送达)|(?:继续|再次|重新)(?:为您)?(?:尝试|重试)(?:投递|发送)",
    re.IGNORECASE,
)
_FLUFL: Final = (AttributeError, IndexError, KeyError, LookupError, RecursionError, TypeError, ValueError)
"""What its detectors raise on a broken notice."""
logging.getLogger("flufl.bounce").addHandler(logging.NullHandler())


def with_notice(raw: bytes, mail: Mail, limits: MailLimits) -> Mail:
    """The mail with what it says of a letter that came back, where a mail server wrote it; any other as it is."""
    if not is_returned(mail) or len(raw) > limits.bytes:
        return mail
    text = f"{mail.text}\n{mail.quoted}"
    return mail.model_copy(update={"notice": read_notice(repair(raw, limits, Marks()), mail.subject, text)})


def read_notice(clean: bytes, subject: str, text: str) -> Notice:
    """What a repaired notice says. `subject` and `text` are those of the mail as it was read."""
    tree = message_from_bytes(clean, policy=policy.compat32)
    blocks = list(_blocks(tree))
    texts = [text[:_TEXT], *_texts(tree)]
    status = _status(blocks, texts)
    return Notice(
        fate=_fate(tree, blocks, f"{subject}\n{text}", status),
        recipients=_recipients(tree, blocks, texts),
        returned=_few(found for one in texts for found in (*_MESSAGE_ID.findall(one), *_OURS.findall(one))),
        envelope=_envelope(blocks),
        status=status,
        said=_said(blocks, texts),
    )


def _blocks(tree: Message) -> Iterator[Message]:
    """The blocks of fields of a delivery status (RFC 3464, 2.1); the library's parser has opened them."""
    for part in _walk(tree):
        children = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(children, list):
            yield from (child for child in children[:MOST] if isinstance(child, Message))


def _walk(tree: Message) -> Iterator[Message]:
    for number, part in enumerate(tree.walk()):
        if number >= _PARTS:
            return
        yield part


def _texts(tree: Message) -> Iterator[str]:
    """What stands in the parts, headers of returned mails too; an encoded one decoded."""
    for part in _walk(tree):
        if part is not tree and part["message-id"]:
            yield f"Message-ID: {part['message-id']}"
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            yield _closed(part)
        if part.is_multipart() or part.get_content_maintype() not in {"text", "message", "application"}:
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            found = decode(data[:_TEXT], part.get_content_charset()).text
            yield html_text(found) if part.get_content_type() == "text/html" else found


def _closed(part: Message) -> str:
    """A returned mail wrapped in base64, which the library's parser takes for the mail itself; else nothing."""
    inner = part.get_payload(0)
    text = inner.get_payload() if isinstance(inner, Message) else None
    if not isinstance(text, str) or "base64" not in str(part["content-transfer-encoding"] or "").lower():
        return ""
    letters = _NO_BASE64.sub("", text[: 2 * _TEXT])
    return base64.b64decode(letters[: len(letters) // 4 * 4]).decode("utf-8", "replace")


def _field(blocks: Iterable[Message], name: str) -> Iterator[str]:
    """The values of a field, without comments around it."""
    return (plain(str(value)) for block in blocks for value in block.get_all(name, []))


def _fate(tree: Message, blocks: list[Message], words: str, status: str | None) -> Fate:
    actions = [action.lower() for action in _field(blocks, "action")]
    if any(action.startswith(("fail", "error")) for action in actions):
        return Fate.FAILED
    if any(action.startswith("delayed") for action in actions):
        return Fate.DELAYED
    if actions:
        return Fate.DELIVERED
    temporary, permanent = _known_servers(tree)
    if permanent:
        return Fate.FAILED
    later = bool(temporary) or _NOT_YET.search(words) is not None
    return Fate.DELAYED if later and not (status or "").startswith("5") else Fate.FAILED


def _known_servers(tree: Message) -> tuple[list[str], list[str]]:
    """The addresses that flufl.bounce finds: still tried, and given up."""
    try:
        temporary, permanent = all_failures(tree)
    except _FLUFL:
        return [], []
    return _decoded(temporary), _decoded(permanent)


def _decoded(found: Iterable[bytes]) -> list[str]:
    return sorted(address.decode("ascii", "replace") for address in found)


def _recipients(tree: Message, blocks: list[Message], texts: list[str]) -> tuple[str, ...]:
    """The addresses of the notice's own fields, of the header that some servers write, or of a known server's words;
    where there are none, all that its words name: only one that we wrote to will count."""
    fields = [*_field(blocks, "original-recipient"), *_field(blocks, "final-recipient")]
    failed = [plain(str(value)) for value in tree.get_all("x-failed-recipients", [])]
    told = _few(address for value in (*fields, *failed) for address in _ADDRESS.findall(value))
    if told:
        return told
    temporary, permanent = _known_servers(tree)
    return _few(permanent or temporary) or _few(found for one in texts[:2] for found in _ADDRESS.findall(one))


def _few(found: Iterable[str]) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for one in found:
        seen.setdefault(one.casefold() if "<" not in one else one)
        if len(seen) == MOST:
            break
    return tuple(seen)


def _envelope(blocks: list[Message]) -> str | None:
    """The Original-Envelope-Id, out of its xtext (RFC 3461, 4)."""
    value = next(_field(blocks, "original-envelope-id"), "")
    out = re.sub(r"\+([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), value)
    return plain(out)[:_SAID] or None


def _status(blocks: list[Message], texts: list[str]) -> str | None:
    """The enhanced status code; a bare reply code of SMTP stands for its class."""
    for value in (*_field(blocks, "status"), *texts):
        found = _STATUS.search(value)
        if found:
            return found[1]
    code = next((found for one in texts if (found := _CODE.search(one))), None)
    return f"{code[1][0]}.0.0" if code else None


def _said(blocks: list[Message], texts: list[str]) -> str:
    """The server's reason in its own words."""
    fields = [value.partition(";")[2].strip() or value for value in _field(blocks, "diagnostic-code")]
    words = (found[1] for one in texts if (found := _WHY.search(one)))
    return plain(next((one for one in (*fields, *words) if one), ""))[:_SAID]
