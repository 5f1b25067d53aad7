"""What the letters about a payment proof see: what was read, masked, and where every make-up year stands, in words.

A year is told as granted only when the platform says so. 经审核 is said of a person's decision alone, 系统已核对 of
what went by itself. A sender who is not verified is shown nothing of what was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from mailbot.domain.campaign import Campaign
from mailbot.domain.letters import CaseView, FindingView, LetterView, RowView
from mailbot.domain.masking import mask_id, mask_name, mask_order, mask_phone
from mailbot.outbound import standing as rules
from mailbot.outbound.plain import clean
from mailbot.outbound.proof_form import form_name
from mailbot.outbound.standing import Standing
from mailbot.outbound.wording import day, harmless

PAYMENTS_SHOWN: Final = 10
_CHARACTERS: Final = 40
_MASKS: Final = {"name": mask_name, "id_number": mask_id, "phone": mask_phone, "user_name": mask_phone}
_LABELS: Final = {"name": "姓名", "id_number": "身份证号码", "phone": "手机号码", "user_name": "用户名"}
_PLACES: Final = {
    **_LABELS,
    "year": "缴费年度",
    "order_id": "订单编号",
    "payer": "付款人",
    "paid_at": "缴费时间",
    "platform": "缴费平台",
    "amount": "缴费金额",
    "status": "订单状态",
}
_PICTURES: Final = frozenset({"proof.unreadable", "proof.not_a_proof", "payment.order_cut", "payment.unreadable"})
_SAYS: Final = {"typed": "填写：", "seen": "图片："}
_NOT_REGISTERED: Final = "person.not_registered"


@dataclass(frozen=True, slots=True)
class ProofText:
    """A proof as its letter tells it. `read` are the applicant's values, `payments` the payments, one line each, both
    empty for an unverified sender. `granted`, `reviewed` (by the system, by a person), `already`, `pending`, `held`,
    `waiting` and `declined` are years in words, empty where there are none. `closes` is the last day of study."""

    read: tuple[str, ...]
    payments: tuple[str, ...]
    granted: str
    reviewed: str
    already: str
    pending: str
    pending_reviewed: bool
    held: str
    waiting: str
    declined: str
    asks: tuple[str, ...]
    pictures: bool
    """Whether a better picture is asked for."""
    unregistered: bool
    form: str | None
    """What the attached blank form is called."""
    commitment: bool
    platform: str
    closes: str | None


def proof_text(case: CaseView, view: LetterView, campaign: Campaign) -> ProofText:
    """The proof in finished words, as far as the letter's address may be told."""
    rows: dict[Standing, list[RowView]] = {name: [] for name in Standing}
    for row in case.rows:
        rows[rules.told(row, bound=view.trusted and view.bound)].append(row)
    asked = rules.all_asks(case)
    codes = {finding.code for finding in asked}
    today = view.at.astimezone(ZoneInfo(campaign.office.zone)).date()
    over = today > campaign.study_closes.value
    return ProofText(
        read=_read(case.header) if view.trusted else (),
        payments=_payments(case.header) if view.trusted else (),
        granted=years(row for row in rows[Standing.DONE] if not row.by_person),
        reviewed=years(row for row in rows[Standing.DONE] if row.by_person),
        already=years(rows[Standing.ALREADY]),
        pending=years(rows[Standing.PENDING]),
        pending_reviewed=all(row.by_person for row in rows[Standing.PENDING]),
        held=years([*rows[Standing.HELD], *rows[Standing.CONFLICT]]),
        waiting=years(rows[Standing.WAITING]),
        declined=years(rows[Standing.DECLINED]),
        asks=_asks(case, view),
        pictures=bool(codes & _PICTURES),
        unregistered=_NOT_REGISTERED in codes,
        form=form_name(campaign) if rules.wants_proof_form(case) else None,
        commitment=rules.offers_commitment(case),
        platform=campaign.learning_platform.value if campaign.learning_platform else campaign.site.value,
        closes=None if over else day(campaign.study_closes.value),
    )


def years(rows: Iterable[RowView]) -> str:
    """The years of items, neighbours as a run: 2016至2018年度, 2016、2019年度; empty where there is no item."""
    found = list(rows)
    known = sorted({row.year for row in found if row.year is not None})
    runs: list[list[int]] = []
    for year in known:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    words = "、".join("、".join(map(str, run)) if len(run) < 3 else f"{run[0]}至{run[-1]}" for run in runs)
    unknown = any(row.year is None for row in found)
    return "、".join(part for part in (f"{words}年度" if words else "", "未写明的年度" if unknown else "") if part)


def _asks(case: CaseView, view: LetterView) -> tuple[str, ...]:
    """Everything that is asked for, each thing once; a year's own with the year in front. To the unverified only what
    kind of thing it is."""
    said: list[tuple[int | None, FindingView]] = [(None, finding) for finding in rules.case_asks(case)]
    said += [(row.year, one) for row in rules.to_correct(case) for one in rules.asks(row.findings)]
    lines: dict[str, list[int]] = {}
    for year, finding in said:
        words = harmless(finding.message).rstrip("。；;. ") if view.trusted else _kind(finding)
        lines.setdefault(words, []).extend([year] if year else [])
    return tuple(_of_years(words, found) for words, found in lines.items())


def _of_years(words: str, found: Sequence[int]) -> str:
    named = sorted({year for year in found if str(year) not in words})
    return f"{'、'.join(map(str, named))}年度：{words}" if named else words


def _kind(finding: FindingView) -> str:
    """What a finding is about without a word of what was read."""
    place = _PLACES.get(finding.field or "", "缴费凭证")
    return f"{place}需要补充或更正"


def _read(header: Mapping[str, object]) -> tuple[str, ...]:
    """The applicant's values, masked."""
    fields = header.get("fields")
    if not isinstance(fields, Mapping):
        return ()
    return tuple(
        f"{label}：{_MASKS[name](clean(value, _CHARACTERS))}"
        for name, label in _LABELS.items()
        if isinstance(value := _value(fields.get(name)), str) and value.strip()
    )


def _value(one: object) -> object:
    return one.get("value") if isinstance(one, Mapping) else None


def _payments(header: Mapping[str, object]) -> tuple[str, ...]:
    """The payments, one line each; what two sources tell alike is told once, what they tell otherwise with its
    source."""
    found = header.get("payments")
    told: dict[str, set[str]] = {}
    for one in found if isinstance(found, Sequence) else ():
        if isinstance(one, Mapping) and (words := _payment(one)):
            told.setdefault(words, set()).add(str(one.get("source")))
    sources = {source for said in told.values() for source in said}
    lines = (
        f"{_SAYS.get(next(iter(said)), '')}{words}" if len(sources) > len(said) == 1 else words
        for words, said in told.items()
    )
    return tuple(lines)[:PAYMENTS_SHOWN]


def _payment(one: Mapping[str, object]) -> str:
    year, amount = one.get("year"), one.get("amount")
    parts = (
        f"{year}年度" if isinstance(year, int) else "",
        _said("订单编号", one.get("order_id"), mask_order),
        _said("付款人", one.get("payer"), mask_name),
        _said("缴费时间", one.get("paid_at"), harmless),
        _said("缴费平台", one.get("platform"), harmless),
        f"{harmless(amount, _CHARACTERS)}元" if isinstance(amount, str) and amount else "",
    )
    return "，".join(part for part in parts if part)


def _said(label: str, value: object, mask: Callable[[str], str]) -> str:
    text = clean(value, _CHARACTERS) if isinstance(value, str) else ""
    return f"{label} {mask(text)}" if text else ""
