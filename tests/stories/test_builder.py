"""The fixture tree: it is what the builder writes, it is small, its people are invented, and it covers what it must."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain import identity, phone, taxid
from tools.stories import demo_mails, units
from tools.stories.books import table, xlsx
from tools.stories.broken import encrypted_xlsx, zipped
from tools.stories.cells import Formula, Row
from tools.stories.clients import APPLE, NETEASE, QQ, file_name_parameters, words
from tools.stories.golden import without_nulls
from tools.stories.model import story
from tools.stories.people import people, person, wrong_check
from tools.stories.post import Draft, File, post, when
from tools.stories.sheets import Sheet, lay
from tools.stories.shelf import all_stories
from tools.stories.tomls import dump
from tools.stories.tree import EXPECTED, FOLDER, read, write

ROW_CODES = re.findall(
    r"\S+",
    """
name.inner_space name.line_break name.invisible_char name.dot_variant id.lowercase_x id.fullwidth id.separator
id.apostrophe id.invisible_char phone.country_code phone.separator phone.fullwidth phone.decimal_tail
phone.invisible_char row.duplicate_exact tax_id.case_or_space name.missing name.lost_char name.illegal_char
row.merged_fields id.missing id.length id.charset id.checksum id.birth_invalid id.fifteen_digit id.precision_lost
id.duplicate_conflict id.masked phone.missing phone.format phone.landline phone.several phone.duplicate cell.error_value
cell.no_cached_value row.swapped_fields header.unit_missing header.order_missing header.order_precision_lost
roster.empty file.password_needed file.unreadable id.region_unknown id.other_document id.foreigner_pr id.age_unusual
id.sex_mismatch id.birth_mismatch name.latin_in_han name.remark name.private_use_char row.hidden count.mismatch
header.order_several header.inferred tax_id.checksum file.bomb row.remark roster.other_year tax_id.legacy15
sheet.ignored sender.unverified sender.ambiguous sender.lookalike order.other_unit
""",
)


def declared_codes() -> set[str]:
    codes: set[str] = set()
    for told in read():
        for mail in told.mails:
            for case in mail["truth"][0].get("cases", ()):
                codes |= {*case.get("codes", ()), *case["notes"]}
                codes |= {code for one in case["people"] for code in one["codes"]}
    return codes


def test_the_tree_is_what_the_builder_writes(tmp_path: Path) -> None:
    stories = all_stories()
    write(stories, tmp_path)
    assert {path.name for path in FOLDER.iterdir()} == {told.name for told in stories}
    for path in tmp_path.rglob("*.*"):
        assert (FOLDER / path.relative_to(tmp_path)).read_bytes() == path.read_bytes(), path
    assert write(stories, tmp_path) == []


def test_the_tree_is_small_and_large_enough() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.*")) < 6_000_000
    assert len(read()) >= 45
    assert all(re.fullmatch(r"[0-9]{3}(-[a-z0-9]+)+", told.name) for told in read())


@pytest.mark.parametrize("code", ROW_CODES)
def test_every_code_that_a_workbook_can_show_has_a_story(code: str) -> None:
    assert code in declared_codes()


def test_every_story_has_a_golden_file_with_a_line_a_mail() -> None:
    without = [told.name for told in read() if len(told.expected()) != len(told.mails)]
    assert without == []


def test_removed_stories_leave_the_tree(tmp_path: Path) -> None:
    stories = all_stories()
    write(stories[:3], tmp_path)
    (tmp_path / stories[0].name / EXPECTED).write_text("kept = true\n")
    assert write(stories[:2], tmp_path) == [stories[2].name]
    assert (tmp_path / stories[0].name / EXPECTED).exists()


def test_a_number_is_taken_once_and_a_story_proves_something() -> None:
    with pytest.raises(ValueError, match="taken"):
        story("010-another")(lambda: ())
    with pytest.raises(ValueError, match="prove"):
        story("999-nothing")(lambda: ())


def test_invented_people_are_valid_and_differ() -> None:
    staff = people(0, 1000)
    today = when("2020-07-07 09:00").date()
    assert {identity.inspect(one.id_number, today) for one in staff} == {None}
    assert all(phone.is_mobile(one.phone) for one in staff)
    assert len({one.id_number for one in staff}) == len({one.phone for one in staff}) == 1000
    assert identity.inspect(wrong_check(staff[0].id_number), today) is identity.IdFault.CHECKSUM


def test_invented_units_have_valid_numbers() -> None:
    invented = [value for value in vars(units).values() if isinstance(value, units.Unit)]
    assert len(invented) >= 10
    assert [unit.name for unit in invented if taxid.inspect(unit.tax_id) is not None] == []
    assert all(re.fullmatch(r"[0-9]{16}", unit.order_no) for unit in invented)


def test_demo_mails_arrive_in_order_in_september() -> None:
    mails = demo_mails()
    times = [mail.internaldate for mail in mails]
    assert 28 <= len(mails) <= 36
    assert times == sorted(times)
    assert {moment.month for moment in times} == {9}
    assert all(mail.address.endswith("@cqhrsp.com") for mail in mails)


def test_the_official_form_is_laid_as_annex_1_has_it() -> None:
    sheet = Sheet(units.PRIMARY, (Row(person(1)), Row(person(2), hidden=True)), empty=3)
    grid = lay(sheet)
    assert grid.cells[2, 1] == f"填表单位：{units.PRIMARY.name}"
    assert [grid.cells[5, column] for column in (1, 4)] == ["序号", "手机号码"]
    assert grid.placed == ((6, 1), (7, 1))
    assert grid.hidden == {7}
    book = openpyxl.load_workbook(io.BytesIO(xlsx([grid])))
    assert book["Sheet1"]["C6"].value == person(1).id_number
    assert book["Sheet1"].row_dimensions[7].hidden
    assert xlsx([grid]) == xlsx([grid])


def test_a_formula_without_a_value_has_none() -> None:
    sheet = Sheet(units.PRIMARY, (Row(person(1), name=Formula("=A1"), phone=Formula("=1/0", "#DIV/0!")),))
    data = xlsx([lay(sheet)])
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Sheet1"]
    assert values["B6"].value is None
    assert values["D6"].data_type == "e"
    assert openpyxl.load_workbook(io.BytesIO(data))["Sheet1"]["B6"].value == "=A1"


def test_panels_and_csv() -> None:
    sheet = Sheet(units.PRIMARY, tuple(Row(one) for one in people(0, 3)), panels=2, labels="none", title=None, tail=())
    assert lay(sheet).placed == ((2, 1), (3, 1), (2, 2))
    lines = list(csv.reader(io.StringIO(table(lay(sheet), "gbk").decode("gbk"))))
    assert [lines[1][1], lines[1][6], lines[2][1]] == [person(0).name, person(2).name, person(1).name]


def test_client_habits() -> None:
    assert words("plain", "GBK") == "plain"
    assert words("名单", "GBK").startswith("=?GBK?B?")
    assert "\r\n " in words("名单" * 20, "utf-8")
    assert "\r\n " not in words("名单" * 20, "gb18030", long=True)
    sections = file_name_parameters("重庆市渝中区嘉澜小学校报名名单.xlsx", APPLE)[1]
    assert b"filename*0*=utf-8''" in sections
    assert b"filename*1*=" in sections
    assert b"=?GBK?B?" in file_name_parameters("名单.xlsx", NETEASE)[0]


def test_forged_results_stand_below_our_own() -> None:
    draft = Draft("a@b.example", "x", "y", when("2020-09-01 09:00"), client=QQ, auth="forged")
    results = [line for line in post(draft).split(b"\r\n") if line.startswith(b"Authentication-Results: mx.cqhrsp.com")]
    assert len(results) == 2
    assert b"dmarc=fail" in results[0]
    assert b"dmarc=pass" in results[1]
    assert post(draft) == post(draft)


def test_attachments_arrive_whole() -> None:
    draft = Draft("a@b.example", "x", "y", when("2020-09-01 09:00"), files=(File("n.bin", bytes(range(256)) * 40),))
    assert b"multipart/mixed" in post(draft)
    assert zipped({"单.txt": b"x"})[30:36] == "单.txt".encode("gb18030")
    assert "EncryptedPackage".encode("utf-16-le") in encrypted_xlsx()


PLAIN = st.text(max_size=20) | st.integers(-(10**9), 10**9) | st.booleans()
VALUES = st.dictionaries(
    st.text(min_size=1, max_size=8), st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3))
)


@given(VALUES)
def test_what_is_dumped_is_read_back(values: dict[str, object]) -> None:
    if any("\ud800" <= char <= "\udfff" for char in str(values)):
        return
    assert tomllib.loads(dump(values)) == values


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "people"]), PLAIN, min_size=1), min_size=1, max_size=3))
def test_tables_are_read_back(tables: list[dict[str, object]]) -> None:
    assert tomllib.loads(dump({"mail": tables, "people": tables})) == {"mail": tables, "people": tables}


def test_nulls_are_left_out() -> None:
    assert without_nulls({"a": None, "b": [{"c": None}]}) == {"b": [{}]}
