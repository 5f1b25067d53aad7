"""What the tests of payment proofs share: forms from plain rows, scans from plain values, and the real rules' verdict."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mailbot.casetypes.payment_proof import build
from mailbot.casetypes.payment_proof.kind import PaymentProofKind
from mailbot.casetypes.payment_proof.values import ProofRecord
from mailbot.domain.document import Cell, Document, Opened, Sheet
from mailbot.domain.findings import Finding
from mailbot.domain.kinds import Situation
from mailbot.domain.mail import Mail, Part
from mailbot.domain.outcome import CaseResult, Lookups
from mailbot.domain.ports import Presence, Registration
from mailbot.domain.scan import Reading, Scan, ScanKind, SeenField, SeenGroup
from mailbot.rulebook.load import read_forms
from mailbot.steps.judge import Frame
from mailbot.steps.judge import judge as judged
from tests.casetypes.support import HASHER, NOW, ROOT, person_id, phone_of, rulebook, situation

NAME, ID, PHONE = "陈晓一", person_id(1), phone_of(1)
ORDER = "2018100922001412345678901234"
PAID: Mapping[str, str] = {
    "order_id": ORDER,
    "status": "paid",
    "year": "2018",
    "paid_at": "2018-10-09 10:11:12",
    "amount": "33.00",
    "course": "2018年度公需科目培训",
    "platform": "重庆市专业技术人员公需科目网",
}
TEXT = f"补学申请\n姓名：{NAME}\n身份证号码：{ID}\n手机号码：{PHONE}\n"


@cache
def kind() -> PaymentProofKind:
    return build(read_forms(ROOT / "rules"))


def seen(name: str, value: str | None, **more: object) -> SeenField:
    """A field that two engines read alike."""
    readings = tuple(Reading(engine=engine, text=value or "", confidence=0.98) for engine in ("rapid", "tesseract"))
    base = {"name": name, "value": value, "box": (10.0, 20.0, 200.0, 40.0), "readings": readings}
    return SeenField.model_validate({**base, "confidence": 0.98, "agreed": True, "complete": True, **more})


def order(
    values: Mapping[str, str | None] = PAID, number: int = 1, traits: Mapping[str, Mapping[str, object]] | None = None
) -> SeenGroup:
    """One order; `traits` are those of single fields."""
    fields = tuple(seen(name, value, **(traits or {}).get(name, {})) for name, value in values.items())
    return SeenGroup(about="order", number=number, fields=fields)


def scan(*groups: SeenGroup, number: int = 1, kind: ScanKind = "order", index: int = 1, **more: object) -> Scan:
    base = {"number": number, "index": index, "sha256": "a" * 64, "pixels": f"p{number}-{index}", "looks": "f" * 16}
    return Scan.model_validate({**base, "kind": kind, "groups": groups, **more})


def picture(number: int = 1, name: str = "截图.png") -> Part:
    return Part(number=number, name=name, sha256="b" * 64, size=50_000, type="image/png")


def mail(text: str = TEXT, *parts: Part, subject: str = "补学") -> Mail:
    return Mail(subject=subject, text=text, parts=parts, message_id="<one@example>")


def with_order(values: Mapping[str, str | None] = PAID, /, **more: Mapping[str, object]) -> Opened:
    """A plain mail with one screenshot of an order."""
    return Opened(mail=mail(TEXT, picture()), scans=(scan(order(values, traits=more)),))


def form(*rows: tuple[Cell, ...], number: int = 1, person: tuple[str, str, str] = (NAME, ID, PHONE)) -> Document:
    """Annex 2 as a document."""
    name, id_number, phone = person
    head: list[tuple[Cell, ...]] = [
        ("2016-2019年公需科目缴费凭证",),
        ("姓名", name, "手机号码", phone),
        ("身份证号码", id_number),
        ("缴费年度", "订单编号", "付款人", "缴费时间", "缴费平台"),
    ]
    sheet = Sheet(name="", index=0, rows=(*head, *rows, ("以下请填写相关缴费证明材料",)))
    return Document(number=number, name="缴费凭证表.docx", sha256="c" * 64, family="workbook", sheets=(sheet,))


def records(opened: Opened) -> tuple[ProofRecord, ...]:
    return kind().extract(opened, kind().claims(opened))


def record_of(opened: Opened) -> ProofRecord:
    (found,) = records(opened)
    return found


REGISTERED = Registration(
    Presence.FOUND, NAME, ID, PHONE, PHONE, bought=(), assigned=(), completed=(), as_of=NOW.date()
)


def known(lookups: Lookups | None = None, registration: Registration | None = REGISTERED) -> Situation:
    """A verified sender, and what the platform says of the person."""
    told = {} if registration is None else {HASHER.search(ID): registration}
    return situation(lookups=lookups, registrations=told)


def judge(record: ProofRecord, at: Situation | None = None) -> CaseResult:
    """The case under the shipped rules at level clean."""
    return judged(kind(), record, at or known(), rulebook(), Frame("2020-000001-1", NOW, provisional=False))


def findings(case: CaseResult) -> tuple[Finding, ...]:
    return (*case.findings, *(finding for item in case.items for finding in item.findings))


def codes(case: CaseResult) -> set[str]:
    return {finding.code for finding in findings(case) if finding.severity.word != "note"}


def without(values: Mapping[str, str], *names: str) -> dict[str, str | None]:
    return {name: value for name, value in values.items() if name not in names}


def but(**values: str | None) -> dict[str, str | None]:
    """The paid order with other values."""
    return {**PAID, **values}
