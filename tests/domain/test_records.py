"""What is read and kept: order numbers that are the same however written, amendments, forms, and the keys of letters."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mailbot.data import rules_dir
from mailbot.domain.campaign import Campaign, KindPolicy
from mailbot.domain.document import CORRECTED_CASE, CORRECTED_ID, Cell, Document, Sheet
from mailbot.domain.effects import answer_key
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.mail import MAIL, mail_facts
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.forms import Form
from mailbot.domain.intents import NOTHING, TOPICS, Intent, Said
from mailbot.domain.lists import Order
from mailbot.domain.mail import Mail, Part, register_number
from mailbot.domain.records import Amendment, order_key

ROSTER = tomllib.loads((rules_dir() / "forms" / "roster.toml").read_text("utf-8"))
CAMPAIGN = Campaign.model_validate(tomllib.loads((rules_dir() / "campaigns" / "2020.toml").read_text("utf-8")))
GAPS = st.sampled_from(["", " ", "-", "_", "\u3000", "\n", " - "])


@given(st.from_regex(r"[0-9A-Z]{6,28}", fullmatch=True).filter(str.isascii), st.data())
def test_an_order_is_the_same_however_it_is_written(number: str, data: st.DataObject) -> None:
    written = "".join(char + data.draw(GAPS) for char in number)
    wide = "".join(chr(ord(char) + 0xFEE0) if char.isalnum() else char for char in written)
    assert {order_key(written), order_key(written.lower()), order_key(wide)} == {number}
    assert order_key(order_key(written)) == order_key(written)
    assert Order(wide).key == Order(number, unit="某单位").key


@pytest.mark.parametrize(("one", "other"), [("D2020", "D2O20"), ("2020.1", "20201"), ("A1/B2", "A1B2"), ("01", "1")])
def test_other_signs_make_another_order(one: str, other: str) -> None:
    assert order_key(one) != order_key(other)


@pytest.mark.parametrize(
    ("amendment", "of_header"),
    [
        (Amendment({"unit": "某单位"}), True),
        (Amendment({"order_no": "D1", "contact": "王敏"}), True),
        (Amendment({"order_no": "D1"}, row=3), False),
        (Amendment({"order_no": "D1"}, serial="1"), False),
        (Amendment({"order_no": "D1"}, name="张*"), False),
        (Amendment({"phone": "13800001234"}), False),
        (Amendment({"unit": "某单位", "name": "张三"}), False),
        (Amendment({}, sheet="名单"), True),
    ],
)
def test_an_amendment_speaks_of_the_header_only_where_nothing_names_a_person(
    amendment: Amendment, of_header: bool
) -> None:
    assert amendment.of_header is of_header


@given(st.integers(1, 10**9))
def test_the_number_of_a_mail_names_its_campaign_and_itself(mail_id: int) -> None:
    number = register_number("2020", mail_id)
    campaign, _, counted = number.partition("-")
    assert (campaign, int(counted)) == ("2020", mail_id)
    assert len(counted) >= 6
    assert answer_key(mail_id) != answer_key(mail_id + 1)


def workbook(*rows: tuple[Cell, ...], names: dict[str, str] | None = None) -> Document:
    sheets = (Sheet(name="Sheet1", index=0, rows=()), Sheet(name="更正", index=1, rows=rows))
    return Document(number=1, name="a.xlsx", sha256="0" * 64, family="workbook", sheets=sheets, names=names or {})


@pytest.mark.parametrize(
    ("document", "ours"),
    [
        (workbook(names={CORRECTED_CASE: '"2020-000017"'}), True),
        (workbook(("行", "姓名", CORRECTED_ID)), True),
        (workbook(("姓名",), ("行", CORRECTED_ID)), False),
        (workbook((f"请填{CORRECTED_ID}",), names={"_xlnm.Print_Area": "A1"}), False),
        (workbook(), False),
    ],
)
def test_our_own_workbook_of_rows_is_known_by_its_name_or_its_heading(document: Document, ours: bool) -> None:
    assert document.is_correction is ours


@pytest.mark.parametrize(
    "change",
    [
        {"variants": ["單"]},
        {"variants": ["單单位"]},
        {"columns": {"name": {"label": "姓名", "aliases": []}}},
        {"columns": {"name": {"aliases": ["姓名"]}}},
        {"labels": {"unit": {"label": "单位", "aliases": ["单位"], "color": "red"}}},
        {"remarks": [{"word": "离职"}]},
        {"titels": ["名单"]},
        {"source": ""},
        {"totals": "合计"},
    ],
)
def test_a_form_with_a_slip_in_it_is_refused(change: dict[str, object]) -> None:
    assert Form.model_validate(ROSTER).columns["name"].required
    with pytest.raises(ValidationError):
        Form.model_validate({**ROSTER, **change})


@pytest.mark.parametrize("days", [0, -1, 31, "soon", None])
def test_a_time_limit_is_one_to_thirty_working_days(days: object) -> None:
    good = {"days": 2, "automation": "trusted", "source": "通知"}
    assert KindPolicy.model_validate(good).partial
    with pytest.raises(ValidationError):
        KindPolicy.model_validate({**good, "days": days})


@pytest.mark.parametrize("level", ["", "always", "CLEAN", None])
def test_a_level_that_nobody_named_is_refused(level: object) -> None:
    with pytest.raises(ValidationError):
        KindPolicy.model_validate({"days": 2, "automation": level, "source": "通知"})


def facts(said: Said = NOTHING, marks: tuple[str, ...] = (), left_out: tuple[str, ...] = ()) -> dict[str, FactValue]:
    part = Part(number=1, name="a.zip", sha256="0" * 64, size=1, type="application/zip")
    mail = Mail(marks=marks, parts=(part, part.model_copy(update={"number": 2})))
    row = mail_facts(mail, arrived=date(2020, 9, 1), claimed=False, campaign=CAMPAIGN, left_out=left_out, said=said)
    return {fact.name: value for fact, value in zip(MAIL, row, strict=True)}


def test_every_fact_of_a_mail_is_known() -> None:
    found = facts()
    assert {name for name, value in found.items() if value is UNKNOWN} == {"mail.known", "mail.same_id_of"}
    assert (found["mail.parts"], found["mail.arrived"]) == (2, date(2020, 9, 1))
    assert found["campaign.study_closes"] == date(2020, 12, 31)
    assert [name for name, value in found.items() if value is True] == []


def test_each_matter_of_its_own_is_a_fact_of_its_own() -> None:
    silent = facts()
    for intent in TOPICS | {Intent.LATEST}:
        spoken = facts(Said(frozenset({intent})))
        assert len([name for name in spoken if spoken[name] != silent[name]]) == 1, intent
    assert facts(Said(frozenset({Intent.CORRECTION, Intent.ADDITION}))) == silent
    assert facts(Said(of_rows=True))["mail.of_rows"] is True


@pytest.mark.parametrize("mark", ["mail.too_big", "mail.too_deep", "mail.too_many_parts", "mail.unreadable"])
def test_a_mark_is_the_fact_of_its_name_and_no_other(mark: str) -> None:
    found = facts(marks=(mark, "mime.repaired"))
    assert [name for name, value in found.items() if value is True] == [mark]


def test_what_archives_left_unread_is_named_and_counted() -> None:
    found = facts(left_out=("a/空.xlsx", "链接"))
    assert (found["archive.ignored"], found["archive.ignored_count"]) == (("a/空.xlsx", "链接"), 2)
