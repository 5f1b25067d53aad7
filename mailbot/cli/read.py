"""`mailbot read FILE`: one document, or one mail, as the readers understand it, through the sandbox."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Annotated

import typer

from mailbot.assembly import TARGET, WARM_UP, open_rules
from mailbot.cli.exits import ExitCode
from mailbot.cli.output import fields, line, plain
from mailbot.cli.place import ConfigOption
from mailbot.cli.read_pictures import read_pictures
from mailbot.cli.rules import site_facts
from mailbot.cli.veil import Veil
from mailbot.domain.document import Cell, Document, Opened, Sheet, Special
from mailbot.sandbox.parent import Sandbox

ROWS = 200


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(help="One file as the readers understand it: cells, pictures, or the fault. Nothing is stored.")(read)


def read(
    file: Annotated[Path, typer.Argument(help="a document, a picture, or a mail (.eml)", dir_okay=False)],
    rows: Annotated[int, typer.Option("--rows", help="at most so many rows a sheet", min=1)] = ROWS,
    boxes: Annotated[Path | None, typer.Option("--boxes", help="draw what was read onto the picture, as PNG")] = None,
    *,
    reveal: Annotated[bool, typer.Option("--reveal", help="show ID numbers and phones whole")] = False,
    config: ConfigOption = None,
) -> None:
    """Read and print; exit code 1 where a part could not be read."""
    try:
        raw = file.read_bytes()
    except OSError as fault:
        raise typer.BadParameter(f"{file}: {fault.strerror}") from None
    limits = open_rules(site_facts(config)).current.limits
    is_mail = file.suffix.lower() == ".eml"
    mail = raw if is_mail else _as_mail(file.name, raw)
    with Sandbox(limits, TARGET, WARM_UP) as opener:
        opened = opener.open(mail)
    veil = Veil(reveal=reveal)
    if is_mail:
        _print_mail(opened, veil)
    for document in opened.documents:
        _print_document(document, veil, rows)
    if not (opened.documents or opened.pictures):
        line("没有可读的文件。")
    whole = read_pictures(mail, opened, limits, veil, boxes)
    if not whole or any(document.fault for document in opened.documents):
        raise typer.Exit(ExitCode.FAILED)


def _as_mail(name: str, raw: bytes) -> bytes:
    """A document as the attachment of a mail: the readers have one way in."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "read", "read@example.invalid", "read@example.invalid"
    mail.set_content("")
    mail.add_attachment(raw, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def _print_mail(opened: Opened, veil: Veil) -> None:
    mail = opened.mail
    fields(
        [
            ("主题", veil.text(mail.subject)),
            ("发件人", "；".join(mail.from_values)),
            ("收件人", "、".join(mail.to)),
            ("标记", "、".join(mail.marks)),
            ("正文", veil.text(mail.text)),
        ]
    )
    for part in mail.parts:
        line(f"附件 {part.number}：{plain(veil.text(part.name))}（{part.type}，{part.size} 字节）")


def _print_document(document: Document, veil: Veil, rows: int) -> None:
    member = f" / {document.member}" if document.member else ""
    reader = f"，{document.reader}" if document.reader else ""
    line(f"文件 {plain(veil.text(document.name))}{plain(member)}（{document.family}{reader}）")
    if document.fault:
        line(f"  无法读取：{document.fault.kind} {plain(veil.text(document.fault.detail))}")
    for sheet in document.sheets:
        _print_sheet(sheet, veil, rows)


def _print_sheet(sheet: Sheet, veil: Veil, rows: int) -> None:
    line(f"  工作表“{plain(sheet.name)}”：{len(sheet.rows)} 行{'' if sheet.visible else '，隐藏'}")
    for number, row in enumerate(sheet.rows[:rows], start=1):
        cells = [f"{column}={typed(cell, veil)}" for column, cell in enumerate(row, start=1) if cell is not None]
        if cells:
            line(f"  {number}{'（隐藏）' if number in sheet.hidden_rows else ''}: {'  '.join(cells)}")
    if len(sheet.rows) > rows:
        line(f"  另有 {len(sheet.rows) - rows} 行，用 --rows 列出")


def typed(cell: Cell, veil: Veil) -> str:
    """A cell with its type to be seen: text in quotes, numbers bare, what is neither in angle brackets."""
    if isinstance(cell, Special):
        return f"<{cell.kind} {plain(veil.text(cell.text))}>"
    if isinstance(cell, str):
        return f"“{plain(veil.text(cell))}”"
    return plain(veil.text(repr(cell)))
