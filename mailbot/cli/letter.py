"""`mailbot letter list|show|release|cancel`: what goes out, and what waits for a person before it does."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser
from typing import Annotated

import typer

from mailbot.assembly import composer_of, open_platform
from mailbot.cli.drafts import KeysArgument, cancel_keys, release_keys
from mailbot.cli.options import ByOption, JsonOption, LimitOption, ReasonOption
from mailbot.cli.output import as_json, fields, line, moment, plain, table
from mailbot.cli.place import AtOption, ConfigOption, Ruled, StorageOption, books, place_of, ruled
from mailbot.cli.told import letter_json
from mailbot.cli.words import LETTERS
from mailbot.desk import Refused
from mailbot.domain.effects import EffectState
from mailbot.ledger.lines import LetterLine


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="Letters: list, show, release, cancel.")
    group.command("list", help="Letters, oldest first; without --state those that have not ended well.")(letter_list)
    group.command("show", help="One letter as it went out, or as it would read now.")(letter_show)
    group.command("release", help="Let drafts go.")(letter_release)
    group.command("cancel", help="Cancel letters that were never attempted.")(letter_cancel)
    app.add_typer(group, name="letter")


_OPEN = tuple(state for state in EffectState if state not in (EffectState.DONE, EffectState.CANCELLED))


def letter_list(
    state: Annotated[list[EffectState] | None, typer.Option("--state", help="only these; again for more")] = None,
    limit: LimitOption = 100,
    *,
    drafts: Annotated[bool, typer.Option("--drafts", help="only those that wait for a person")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """List letters."""
    place = place_of(config, storage)
    with books(place) as ledger:
        found = ledger.queries.letters(state or _OPEN, draft=True if drafts else None, limit=limit)
    if json:
        as_json([letter_json(letter, place.zone) for letter in found])
        return
    rows = [
        (
            letter.key,
            letter.to,
            "、".join(letter.cases),
            LETTERS[letter.state] + ("（草稿）" if letter.draft else ""),
            moment(letter.planned_at, place.zone),
            letter.detail or "",
        )
        for letter in found
    ]
    table(("信件", "收件人", "登记编号", "状态", "拟写", "说明"), rows)


def letter_show(
    key: Annotated[str, typer.Argument(help="the letter's key, as letter list shows it")],
    config: ConfigOption = None,
    storage: StorageOption = None,
    at: AtOption = None,
) -> None:
    """Its exact words: stored ones where it was rendered, else what would be written now."""
    with ruled(place_of(config, storage, at)) as office:
        letter = _the_letter(office, key)
        raw = _stored(office, letter) if letter.sha256 else _written_now(office, key)
    fields([("信件", letter.key), ("状态", LETTERS[letter.state] + ("（草稿）" if letter.draft else ""))])
    if not letter.sha256:
        line("尚未成文：以下按现在的情况拟写，发出时按届时的情况重新生成。")
    _print(raw)


def letter_release(
    keys: KeysArgument, by: ByOption, config: ConfigOption = None, storage: StorageOption = None, at: AtOption = None
) -> None:
    """Release letters."""
    release_keys(place_of(config, storage, at), keys, by)


def letter_cancel(
    keys: KeysArgument,
    by: ByOption,
    reason: ReasonOption,
    config: ConfigOption = None,
    storage: StorageOption = None,
    at: AtOption = None,
) -> None:
    """Cancel letters."""
    cancel_keys(place_of(config, storage, at), keys, by, reason)


def _the_letter(office: Ruled, key: str) -> LetterLine:
    try:
        return office.ledger.queries.letter(key)
    except LookupError:
        raise Refused(f"没有信件 {key}。") from None


def _stored(office: Ruled, letter: LetterLine) -> bytes:
    return office.ledger.cases.raw(letter.sha256 or "")


def _written_now(office: Ruled, key: str) -> bytes:
    place = office.place
    policy_words = open_platform(place.facts, office.rulebook, place.clock).caps.password_policy
    composer = composer_of(place.facts, office.rules, policy_words)
    return composer.compose(office.ledger.steps.letter_view(key, place.clock.now())).raw


def _print(raw: bytes) -> None:
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    for name in ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted"):
        if mail[name]:
            line(f"{name}: {plain(str(mail[name]))}")
    body = mail.get_body(("plain",))
    if body is not None:
        line("")
        line(plain(str(body.get_content()).replace("\r\n", "\n")))
    for part in mail.iter_attachments():
        line(f"附件：{plain(part.get_filename() or '')}")
