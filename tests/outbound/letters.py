"""Invented cases and the shipped stationery for the tests of letters."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from mailbot.data import rules_dir, templates_dir
from mailbot.domain.campaign import Campaign
from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.forms import Form
from mailbot.domain.identity import check_char
from mailbot.domain.letters import CaseView, Composed, FindingView, LetterView, RowView
from mailbot.domain.states import ItemState, fold
from mailbot.outbound.compose import LetterComposer, Stationery

ZONE = timezone(timedelta(hours=8))
ARRIVAL = datetime(2020, 7, 8, 9, 30, tzinfo=ZONE)
DUE = datetime(2020, 7, 10, 17, 30, tzinfo=ZONE)
SENDER = "2020gxkm@cqhrsp.com"
POLICY = "初始密码为六个零"


@cache
def campaign() -> Campaign:
    return Campaign.model_validate(tomllib.loads((rules_dir() / "campaigns" / "2020.toml").read_text("utf-8")))


@cache
def roster_form() -> Form:
    return Form.model_validate(tomllib.loads((rules_dir() / "forms" / "roster.toml").read_text("utf-8")))


def stationery() -> Stationery:
    return Stationery(campaign(), SENDER, POLICY, templates_dir(), roster_form())


@cache
def shipped() -> LetterComposer:
    return LetterComposer(stationery())


def composer(**changes: object) -> LetterComposer:
    if not changes:
        return shipped()
    return LetterComposer(replace(stationery(), **changes))  # type: ignore[arg-type]  # keywords of many types


def id_number(number: int) -> str:
    first17 = f"500103{19850101 + number // 900}{number % 900 + 100:03d}"
    return first17 + check_char(first17)


def phone(number: int) -> str:
    return f"139{number:08d}"


def finding(code: str, severity: str, message: str, field: str | None = None) -> FindingView:
    return FindingView(code, severity, message, field)


CHECKSUM = finding("id.checksum", "ask", "身份证号码校验位不符，请核对。", "id_number")
NO_PHONE = finding("phone.missing", "ask", "缺少手机号码。", "phone")
SPACE = finding("name.inner_space", "fix", "姓名中间的空格已去除。", "name")
REMARK = finding("row.remark", "hold", "备注写有“已缴费”，可能已自行缴费。")
NO_ORDER = finding("header.order_missing", "ask", "缴费订单号未填写。", "order_no")
REUSED = finding("order.reused", "ask", "该订单号已被另一单位使用。", "order_no")


def row(
    number: int,
    state: ItemState = ItemState.FULFILLED,
    effect: EffectState | None = EffectState.DONE,
    *findings: FindingView,
    name: str = "欧阳建国",
) -> RowView:
    return RowView(
        number + 5, str(number), "Sheet1", 1, name, id_number(number), phone(number), "ok", state, effect, findings
    )


def done(number: int, *findings: FindingView) -> RowView:
    return row(number, ItemState.FULFILLED, EffectState.DONE, *findings)


def already(number: int) -> RowView:
    return row(number, ItemState.FULFILLED, EffectState.ALREADY)


def pending(number: int) -> RowView:
    return row(number, ItemState.APPROVED, EffectState.PENDING)


def held(number: int, *findings: FindingView) -> RowView:
    return row(number, ItemState.HELD, None, *findings)


def asked(number: int, *findings: FindingView) -> RowView:
    return row(number, ItemState.AWAITING_SENDER, None, *(findings or (CHECKSUM,)))


def conflict(number: int) -> RowView:
    return row(number, ItemState.HELD, EffectState.CONFLICT)


def declined(number: int) -> RowView:
    return row(number, ItemState.DECLINED, None)


def closed(number: int) -> RowView:
    return row(number, ItemState.CLOSED, None)


def case(*rows: RowView, findings: tuple[FindingView, ...] = (), **changes: object) -> CaseView:
    state = fold([item.state for item in rows] or [ItemState.AWAITING_SENDER if findings else ItemState.HELD])
    view = CaseView(
        id="2020-000012",
        kind="roster",
        version=1,
        outcome="accept",
        state=state,
        header={"unit": "重庆市某某中学", "contact": "王芳"},
        attachment="报名名单.xlsx",
        due_at=DUE,
        provisional=False,
        findings=findings,
        rows=rows,
        usable_from=date(2020, 7, 10) if any(item.effect is EffectState.DONE for item in rows) else None,
    )
    return replace(view, **changes)  # type: ignore[arg-type]  # keywords of many types


def view(*cases: CaseView, **changes: object) -> LetterView:
    letter = LetterView(
        key="mail:12:1",
        kind=LetterKind.RESULT,
        to="hr@unit.example",
        letter_id="<l.12.1.0a1b@cqhrsp.com>",
        at=ARRIVAL + timedelta(hours=1),
        subject="2020年公需科目报名名单",
        message_id="<m1@unit.example>",
        references=("<m0@unit.example>",),
        cases=cases,
        trusted=True,
        bound=True,
        mail_id=12,
    )
    return replace(letter, **changes)  # type: ignore[arg-type]  # keywords of many types


def parsed(letter: Composed) -> EmailMessage:
    return message_from_bytes(letter.raw, policy=policy.SMTP)


def text(letter: Composed) -> str:
    body = parsed(letter).get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def write(*cases: CaseView, **changes: object) -> str:
    """The text of the letter about these cases."""
    return text(composer().compose(view(*cases, **changes)))


def sheets(content: bytes) -> list[Worksheet]:
    return list(load_workbook(BytesIO(content)).worksheets)


def everything(letter: Composed) -> Iterator[str]:
    """Every word a receiver can come across: headers, text, names and cells of attachments."""
    mail = parsed(letter)
    yield from (str(value) for value in mail.values())
    yield text(letter)
    yield letter.subject
    yield letter.template
    for part in mail.iter_attachments():
        yield str(part.get_filename())
        for sheet in sheets(part.get_content()):
            yield from (str(cell.value) for line in sheet.iter_rows() for cell in line)
