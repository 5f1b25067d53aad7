"""A payment proof as a page for a terminal: what is known of the applicant, the payments by source, the years; and what
every engine read, for `explain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from mailbot.cli.output import table
from mailbot.cli.veil import Veil
from mailbot.cli.words import STATES, STATUS
from mailbot.domain.decisions import RowStatus
from mailbot.domain.scan import Scan, SeenField
from mailbot.domain.states import ItemState

SOURCES: Final = {"typed": "填写", "seen": "图片", "registered": "平台登记"}
FIELDS: Final = {
    "name": "姓名",
    "id_number": "身份证号码",
    "phone": "手机号码",
    "user_name": "用户名",
    "year": "年度",
    "order_id": "订单编号",
    "merchant_order_id": "商家订单号",
    "payer": "付款人",
    "paid_at": "缴费时间",
    "created_at": "创建时间",
    "platform": "缴费平台",
    "amount": "金额",
    "refund": "退款金额",
    "status": "状态",
    "course": "项目",
    "paid_course": "已缴费科目",
    "paid_on": "缴费日期",
    "apply_years": "申请年度",
    "reason": "原因",
    "signed": "签名",
    "signed_on": "签署日期",
    "serial": "序号",
    "remark": "备注",
}
PAID: Final = {
    "paid": "已支付",
    "unpaid": "未支付",
    "refunded": "已退款",
    "partly_refunded": "部分退款",
    "closed": "已关闭",
}
_PAYMENT_TITLES: Final = (
    *(FIELDS[name] for name in ("year", "order_id", "merchant_order_id", "payer", "paid_at", "platform", "amount")),
    *("状态", "来源", "核对", "位置"),
)


def print_proof(document: Mapping[str, Any]) -> None:
    """Fields, payments and years of a case, as far as it has any. The document is masked by its maker."""
    fields = [_field(name, one) for name, one in document["fields"].items()]
    if fields:
        table(("资料", "内容", "来源", "核对", "把握", "位置"), fields)
    payments = [_payment(one) for one in document["payments"]]
    if payments:
        table(
            ("年度", "订单编号", "商家订单号", "付款人", "时间", "平台", "金额", "状态", "来源", "核对", "位置"),
            payments,
        )
    years = [_year(one) for one in document["years"]]
    if years:
        table(("项", "年度", "订单编号", "核对", "状态", "问题"), years)


def _field(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    sure = "" if one["confidence"] is None else f"{one['confidence']:.2f}"
    return (FIELDS.get(name, name), one["value"] or "未知", *_told(one), sure, place(one["page"], one["box"]))


def _told(one: Mapping[str, Any]) -> tuple[str, str]:
    return SOURCES.get(one["source"] or "", ""), "已核实" if one["verified"] else "未核实"


def _payment(one: Mapping[str, Any]) -> tuple[str, ...]:
    said = (str(one[key] or "") for key in ("year", "order_id", "merchant_order_id", "payer", "paid_at", "platform"))
    paid = PAID.get(one["status"] or "", "未知")
    return (*said, one["amount"] or "", paid, *_told(one), place(one["page"], one["box"]))


def _year(one: Mapping[str, Any]) -> tuple[str, ...]:
    state = STATES[ItemState(one["state"])] + ("（建议通过）" if one["proposed"] else "")
    checked = STATUS[RowStatus(one["status"])]
    return (
        str(one["item"]),
        str(one["year"] or "未知"),
        one["order_id"] or "",
        checked,
        state,
        "、".join(one["codes"]),
    )


def place(page: int | None, box: Iterable[float] | None) -> str:
    """Where something was seen: the page, and left, top, right, bottom in pixels."""
    where = [] if page is None else [f"第{page}页"]
    if box is not None:
        where.append("[" + " ".join(f"{edge:.0f}" for edge in box) + "]")
    return " ".join(where)


def readings(scans: Iterable[Scan], veil: Veil) -> Iterator[str]:
    """What was read of every picture, field by field with each engine's reading, and whether it is relied upon."""
    for scan in scans:
        page = f"第{scan.page}页" if scan.page else ""
        head = f"附件{scan.number}图{scan.index}{page}：{scan.kind}，{scan.width}×{scan.height}，{scan.engine}"
        yield f"{head}，未能读取（{scan.fault}）" if scan.fault else head
        for group in scan.groups:
            for one in group.fields:
                yield f"  {group.about} {group.number} {_reading(one, veil)}"


def _reading(one: SeenField, veil: Veil) -> str:
    """One field: what it was taken for, what each engine read, and why it is or is not relied upon."""
    said = "、".join(f"{read.engine}“{veil.value(read.text, one.name)}”{read.confidence:.2f}" for read in one.readings)
    value = "看不清" if one.value is None else str(veil.value(one.value, one.name))
    trust = "两种识别一致" if one.agreed else "只有一种识别或不一致"
    checks = "".join(
        f"，{word}{'、'.join(names)}" for word, names in (("通过", one.checks), ("不符", one.failed)) if names
    )
    cut = "，不完整" if one.complete is False else ""
    return f"{FIELDS.get(one.name, one.name)}＝{value} {place(None, one.box)}：{said}；{trust}{checks}{cut}"
