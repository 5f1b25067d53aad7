"""`mailbot audit verify` and `mailbot digest`: the proof of the event chain, and the morning's page."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser

import typer

from mailbot.cli.exits import ExitCode
from mailbot.cli.output import line, plain
from mailbot.cli.place import AtOption, ConfigOption, StorageOption, books, place_of, whole
from mailbot.morning import digest as composed

_NOBODY = "<digest@mailbot.invalid>"


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="The event chain.")
    group.command(
        "verify", help="Prove that every event is as it was written; exit code 1 names the first that is not."
    )(verify)
    app.add_typer(group, name="audit")
    app.command(help="Today's digest, as it would be sent to the staff.")(digest)


def verify(config: ConfigOption = None, storage: StorageOption = None) -> None:
    """Verify the chain."""
    with books(place_of(config, storage)) as ledger:
        report = ledger.audit.verify()
    if not report.intact:
        line(f"the chain is broken at event {report.broken}: {report.why}")
        raise typer.Exit(ExitCode.FAILED)
    purged = f", the details of {report.purged} purged" if report.purged else ""
    line(f"the chain is intact: {report.events} events{purged}")


def digest(config: ConfigOption = None, storage: StorageOption = None, at: AtOption = None) -> None:
    """Print the digest. Nothing is planned or sent."""
    place = place_of(config, storage, at)
    to = place.settings.staff.digest_to if place.settings else place.facts.sender
    with whole(place) as parts:
        letter = composed(parts, to, _NOBODY, place.clock.now())
    mail = BytesParser(policy=policy.default).parsebytes(letter.raw)
    body = mail.get_body(("plain",))
    line(plain(letter.subject))
    line("")
    line(plain(str(body.get_content()).replace("\r\n", "\n")) if body is not None else "")
