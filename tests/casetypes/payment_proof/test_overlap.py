"""Rosters and payment proofs over the same mails: whose a part is, its content decides."""

from __future__ import annotations

import tomllib
from functools import cache

import pytest

from mailbot.casetypes import kinds
from mailbot.domain.document import BODY, Document, FaultKind, Opened, Sheet, TableRow
from mailbot.domain.limits import Limits, parse_limits
from mailbot.domain.mail import Part
from mailbot.domain.scan import Scan
from mailbot.readers.body import read_body
from mailbot.rulebook.load import read_forms
from mailbot.steps.classify import Ambiguous, AnyKind, classify
from tests.casetypes.payment_proof.support import ID, NAME, ORDER, PHONE, form, mail, order, picture, scan
from tests.casetypes.support import HEAD, ROOT, broken, document, labels, person_id, phone_of, sheet

LINE = f"{NAME} {ID} {PHONE}"
SECOND = f"李明 {person_id(2)} {phone_of(2)}"
SHOT, OTHER = scan(order()), scan(kind="other")
ROSTER_SHOT = scan(kind="roster", number=2)


@cache
def every() -> tuple[AnyKind, ...]:
    return kinds(read_forms(ROOT / "rules"))


@cache
def limits() -> Limits:
    """The shipped ones."""
    return parse_limits(tomllib.loads((ROOT / "rules/limits.toml").read_text(encoding="utf-8")))


def owners(opened: Opened) -> dict[str, list[int]]:
    """The parts of each kind that takes any, after who yields has yielded; fails where two claim one."""
    classify(opened, every())
    found = {kind.name: sorted(kind.claims(opened)) for kind in every() if not kind.yields}
    return {name: parts for name, parts in found.items() if parts}


def table(*rows: tuple[str, ...]) -> Document:
    """A table that was pasted into the mail's own words."""
    lines = tuple(TableRow(table=1, row=number) for number, _ in enumerate(rows, start=1))
    return Document(number=BODY, name="", sha256="0" * 64, family="body", sheets=(
        Sheet(name="", index=0, rows=rows, lines=lines),))  # fmt: skip


def typed(*lines: str) -> tuple[Document, ...]:
    """What the program's own reader makes of lines."""
    found = read_body("\n".join(lines), "", limits())
    return (found,) if found else ()


def beside(subject: str, *lines: str, scans: tuple[Scan, ...] = ()) -> Opened:
    """Lines of text with one picture."""
    return Opened(mail=mail("\n".join(lines), picture(), subject=subject), documents=typed(*lines), scans=scans)


def workbook(*, name: str = "报名名单.xlsx") -> Part:
    return Part(number=1, name=name, sha256="c" * 64, size=9000, type="application/vnd.ms-excel")


@pytest.mark.parametrize("text", ["名单见附件", "名单和缴费截图见附件", "补学名单和缴费凭证"])
@pytest.mark.parametrize("head", [True, False])
def test_a_roster_keeps_the_screenshot_of_its_order(text: str, head: bool) -> None:
    rows = [*labels(), HEAD] if head else []
    people = [(n, f"陈晓{n}", person_id(n), phone_of(n), None) for n in range(1, 4)]
    roster = document(sheet([*rows, *people]))
    scans = (scan(order(), number=2),)
    opened = Opened(mail=mail(text, workbook(), picture(2), subject="报名"), documents=(roster,), scans=scans)
    assert owners(opened) == {"roster": [1]}


@pytest.mark.parametrize("subject", ["补学", "公需科目", "缴费凭证", "报名补学"])
@pytest.mark.parametrize("scans", [(), (SHOT,)])
def test_one_person_in_a_line_beside_a_screenshot_is_a_proof(subject: str, scans: tuple[Scan, ...]) -> None:
    assert owners(beside(subject, LINE, scans=scans)) == {"payment_proof": [0, 1]}


@pytest.mark.parametrize("subject", ["补学", "公需科目", "报名补学"])
@pytest.mark.parametrize("rows", [((NAME, ID, PHONE),), (("姓名", "身份证号码", "手机号码"), (NAME, ID, PHONE))])
def test_one_person_in_a_pasted_table_beside_a_screenshot_is_a_proof(
    subject: str, rows: tuple[tuple[str, ...], ...]
) -> None:
    text = "\n".join(" ".join(row) for row in rows)
    opened = Opened(mail=mail(text, picture(), subject=subject), documents=(table(*rows),), scans=(SHOT,))
    assert owners(opened) == {"payment_proof": [0, 1]}


@pytest.mark.parametrize("scans", [(), (SHOT,), (OTHER,)])
def test_one_person_of_a_list_that_a_mail_says_it_brings_is_a_roster(scans: tuple[Scan, ...]) -> None:
    opened = Opened(mail=mail(LINE, picture(), subject="报名"), documents=(table((NAME, ID, PHONE)),), scans=scans)
    assert owners(opened) == {"roster": [0]}


@pytest.mark.parametrize("subject", ["报名", "公需科目"])
@pytest.mark.parametrize("scans", [(), (SHOT,), (OTHER,)])
def test_several_people_in_the_text_are_a_roster(subject: str, scans: tuple[Scan, ...]) -> None:
    rows = (tuple(LINE.split()), tuple(SECOND.split()))
    opened = Opened(mail=mail(f"{LINE}\n{SECOND}", picture(), subject=subject), documents=(table(*rows),), scans=scans)
    assert owners(opened) == {"roster": [0]}


def test_several_people_in_a_text_that_speaks_of_proofs_are_for_a_person() -> None:
    rows = (tuple(LINE.split()), tuple(SECOND.split()))
    opened = Opened(mail=mail(f"{LINE}\n{SECOND}", picture(), subject="补学"), documents=(table(*rows),))
    with pytest.raises(Ambiguous) as caught:
        classify(opened, every())
    assert caught.value.part == BODY


def test_no_picture_and_no_word_of_a_proof_is_a_roster() -> None:
    opened = Opened(mail=mail(LINE, subject="公需科目"), documents=(table((NAME, ID, PHONE)),))
    assert owners(opened) == {"roster": [0]}


@pytest.mark.parametrize("shown", [SHOT, scan(order(), kind="order_list"), scan(kind="proof_form")])
def test_a_picture_of_a_payment_is_a_proof_even_where_the_mail_says_it_brings_a_list(shown: Scan) -> None:
    assert owners(beside("报名", "见附件", scans=(shown,))) == {"payment_proof": [1]}


@pytest.mark.parametrize("scans", [(), (OTHER,), (scan(kind="roster"),)])
def test_any_other_picture_in_such_a_mail_is_a_list_that_nobody_can_read(scans: tuple[Scan, ...]) -> None:
    assert owners(beside("报名名单", "见附件", scans=scans)) == {"roster": [1]}


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("报名", {"payment_proof": [1], "roster": [2]}),
        ("补学", {"payment_proof": [1]}),
    ],
)
def test_pictures_of_both_go_each_to_its_own(subject: str, expected: dict[str, list[int]]) -> None:
    pictures = (picture(), picture(2))
    opened = Opened(mail=mail("见附件", *pictures, subject=subject), scans=(SHOT, ROSTER_SHOT))
    assert owners(opened) == expected


def test_a_picture_of_nothing_goes_with_the_proof_beside_it() -> None:
    scans = (SHOT, scan(kind="other", number=2))
    opened = Opened(mail=mail("见附件", picture(), picture(2), subject="报名"), scans=scans)
    assert owners(opened) == {"payment_proof": [1, 2]}


@pytest.mark.parametrize("subject", ["报名", "公需科目", "补学", "报名补学"])
def test_the_form_keeps_the_pictures_beside_it(subject: str) -> None:
    opened = Opened(mail=mail("见附件", picture(2), subject=subject), documents=(form(("2018", ORDER)),))
    assert owners(opened) == {"payment_proof": [1, 2]}


@pytest.mark.parametrize("fault", [FaultKind.PASSWORD, FaultKind.UNREADABLE])
def test_a_workbook_that_cannot_be_read_has_one_owner(fault: FaultKind) -> None:
    def of(subject: str) -> dict[str, list[int]]:
        parts = (workbook(name="表.xlsx"), picture(2))
        scans = (scan(order(), number=2),)
        documents = (broken(fault),)
        return owners(Opened(mail=mail("见附件", *parts, subject=subject), documents=documents, scans=scans))

    assert of("报名") == {"payment_proof": [2], "roster": [1]}
    assert of("公需科目") == {"payment_proof": [2], "roster": [1]}
    assert of("补学") == {"payment_proof": [1, 2]}
    assert of("报名补学") == {"payment_proof": [2], "roster": [1]}


def test_a_roster_and_a_form_in_one_mail_are_two_cases() -> None:
    people = [(n, f"陈晓{n}", person_id(n), phone_of(n), None) for n in range(1, 4)]
    roster = document(sheet([*labels(), HEAD, *people]))
    parts = (workbook(), picture(3))
    documents = (roster, form(("2018", ORDER), number=2))
    assert owners(Opened(mail=mail("见附件", *parts, subject="报名"), documents=documents)) == {
        "payment_proof": [2],
        "roster": [1],
    }
