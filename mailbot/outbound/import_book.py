"""The workbook that goes with the news of registered accounts: the platform's 导入人员 table, and each row's fate.

The platform's table asks for the user name as text, and the user name is the phone number: the one place in a letter
where whole phones stand, in cells alone, for the verified sender who sent them (docs/decisions/0015). For others, or
where the site says so, the cells are empty, text already, one line a person. The second sheet tells each row's fate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mailbot.domain.letters import CaseView, LetterView, RowView
from mailbot.domain.masking import mask_name, mask_phone
from mailbot.outbound import standing as rules
from mailbot.outbound.plain import clean
from mailbot.outbound.standing import Standing
from mailbot.outbound.text_book import Table, text_book
from mailbot.outbound.wording import Naming, harmless, list_of, naming, serial_of

ImportValue = Literal["user_name", "phone", "name", "serial", "unit", "empty"]
"""What a column of the import table can hold. No ID number: the platform does not ask for one there."""
IMPORT: Final = "导入人员"
FATES: Final = "办理结果"
_FATE_HEADINGS: Final = ("工作表", "原行号", "序号", "姓名", "手机号码", "办理结果")
_FATE_WIDTHS: Final = (14, 8, 8, 12, 16, 34)
_IMPORT_WIDTH: Final = 20
_CELL_CHARACTERS: Final = 60
_SHEET_CHARACTERS: Final = 31
_CODED: Final = frozenset({"person.already_paid", "person.code_assigned"})
"""What a list of the platform told of a person's code: a second one would be refused there."""
HAS_CODE: Final = "；已有激活码，不必再分配"
FATE_WORDS: Final[dict[Standing, str]] = {
    Standing.DONE: "已注册账号",
    Standing.ALREADY: "此前已有账号",
    Standing.PENDING: "待注册",
    Standing.ASKED: "请更正",
    Standing.WAITING: "待补充后办理",
    Standing.HELD: "待审核",
    Standing.CONFLICT: "平台已有账号的资料与名单不一致，待审核",
    Standing.DECLINED: "经审核，暂不符合注册条件",
    Standing.CLOSED: "重复或已撤下，不再办理",
    Standing.SETTLED: "已办结，无需注册",
}


@dataclass(frozen=True, slots=True)
class ImportSheet:
    """The platform's table as the site has it: headings in order, each with what it holds; `whole`: the cells are
    filled with whole phones and names, to verified senders only; a site can choose otherwise."""

    columns: tuple[tuple[str, ImportValue], ...] = (("工号", "user_name"), ("姓名", "name"))
    whole: bool = True


USUAL_SHEET: Final = ImportSheet()


def import_book_of(case: CaseView, view: LetterView, sheet: ImportSheet) -> bytes | None:
    """The workbook of a case with accounts that were registered for it, `None` where there are none yet.

    Who had an account before is not in the import table, for that user name may be any, nor who has a code already; a
    sender who may not be told such things gets all alike.
    """
    bound = view.trusted and view.bound
    told = [(row, rules.told(row, bound=bound)) for row in case.rows]
    registered = [row for row, name in told if name is Standing.DONE and not (bound and _has_code(row))]
    if not registered:
        return None
    by = naming(case.rows)
    fates = [_fate(row, _words(row, name, bound=bound), by, trusted=view.trusted) for row, name in told]
    whole = sheet.whole and view.trusted
    rows = [[_value(row, case, value) if whole else "" for _, value in sheet.columns] for row in registered]
    headings = [heading for heading, _ in sheet.columns]
    return text_book(
        [
            Table(IMPORT, [_IMPORT_WIDTH] * len(headings), headings, rows),
            Table(FATES, _FATE_WIDTHS, _FATE_HEADINGS, fates),
        ]
    )


def _value(row: RowView, case: CaseView, value: ImportValue) -> str:
    unit = case.header.get("unit")
    values: dict[ImportValue, str | None] = {
        "user_name": row.phone,
        "phone": row.phone,
        "name": row.name,
        "serial": serial_of(row),
        "unit": harmless(unit, _CELL_CHARACTERS) if isinstance(unit, str) else "",
        "empty": "",
    }
    return clean(values[value] or "", _CELL_CHARACTERS)


def _has_code(row: RowView) -> bool:
    return any(finding.code in _CODED for finding in row.findings)


def _words(row: RowView, name: Standing, *, bound: bool) -> str:
    registered = name in (Standing.DONE, Standing.ALREADY)
    return FATE_WORDS[name] + (HAS_CODE if registered and bound and _has_code(row) else "")


def _fate(row: RowView, words: str, by: Naming, *, trusted: bool) -> Sequence[str]:
    """One row of the second sheet; to the unverified no word of the roster is shown back."""
    panel, listed = f"第{row.panel}栏" if row.panel > 1 else "", f"（{list_of(row)}）" if by.lists else ""
    return (
        harmless(row.sheet or "", _SHEET_CHARACTERS) if trusted else "",
        f"{row.row}{panel}{listed}",
        serial_of(row),
        mask_name(clean(row.name or "", _CELL_CHARACTERS)) if trusted else "",
        mask_phone(clean(row.phone or "", _CELL_CHARACTERS)) if trusted else "",
        words,
    )
