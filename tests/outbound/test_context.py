"""What templates see: masked, bounded, and no more than the letter's address may be told."""

import dataclasses
from dataclasses import replace

import pytest

from mailbot.domain.letters import CaseView
from mailbot.outbound.context import FIXES_SHOWN, ROWS_SHOWN, Books, CaseText, Group, case_text, closing_day
from tests.outbound.letters import (
    CHECKSUM,
    SPACE,
    already,
    asked,
    campaign,
    case,
    closed,
    conflict,
    done,
    finding,
    held,
    id_number,
    pending,
    phone,
    view,
)


def told(made: CaseView, **changes: object) -> CaseText:
    return case_text(made, view(made, **changes), campaign(), Books())


def groups(text: CaseText) -> dict[str, int]:
    values = {field.name: getattr(text, field.name) for field in dataclasses.fields(text)}
    return {name: group.count for name, group in values.items() if isinstance(group, Group) and group.count}


def test_rows_are_counted_by_their_standing() -> None:
    made = case(done(1), already(2), held(3), asked(4), closed(5), conflict(6))
    assert groups(told(made)) == {"done": 1, "already": 1, "held": 1, "correct": 1, "closed": 1, "conflict": 1}
    assert groups(told(made, bound=False)) == {"done": 2, "held": 2, "correct": 1, "closed": 1}
    assert told(made).registered == told(made, bound=False).registered == 2
    assert told(made).total == 5


def test_rows_that_follow_one_another_are_named_as_one_run() -> None:
    rows = [*(done(n) for n in range(1, 44)), *(pending(n) for n in (50, 52, 53))]
    assert told(case(*rows)).where == {
        "done": "第6至48行（序号1至43）",
        "pending": "第55行（序号50）、第57至58行（序号52至53）",
    }
    scattered = told(case(*(done(n) for n in range(1, 200, 2)))).where["done"]
    assert scattered.count("第") == ROWS_SHOWN
    assert scattered.endswith("等")


def test_nothing_a_template_sees_is_whole() -> None:
    odd = finding("id.duplicate_conflict", "ask", f"与 {id_number(2)} 的手机号码 {phone(2)} 相同")
    made = case(asked(1, odd), done(2, SPACE), header={"unit": f"联系 {phone(3)}"}, attachment=f"{id_number(3)}.xlsx")
    seen = repr(told(replace(made, reason=f"请致电 {phone(4)}")))
    for number in range(1, 5):
        assert phone(number) not in seen
        assert id_number(number) not in seen
    assert "欧阳建国" not in seen


def test_the_unverified_see_places_and_columns_only() -> None:
    text = told(case(asked(1, CHECKSUM), done(2, SPACE)), trusted=False)
    assert (text.unit, text.file, text.fixes) == ("", "", ())
    assert text.fixes_count == 1
    assert [(line.place, line.who, line.faults) for line in text.correct.lines] == [
        ("第6行（序号1）", "", ("身份证号码需要更正",))
    ]


@pytest.mark.parametrize("count", [1, ROWS_SHOWN, ROWS_SHOWN + 1, 500])
def test_lists_are_bounded_and_say_what_is_left(count: int) -> None:
    group = told(case(*(asked(n) for n in range(1, count + 1)))).correct
    assert group.count == count
    assert len(group.lines) == min(count, ROWS_SHOWN)
    assert group.more == max(0, count - ROWS_SHOWN)


def test_repairs_are_bounded_by_kind_and_by_row() -> None:
    many = [done(n, finding("name.inner_space", "fix", f"第{n}种更正")) for n in range(1, 60)]
    assert len(told(case(*many)).fixes) == FIXES_SHOWN
    alike = told(case(*(done(n, SPACE) for n in range(1, 60)))).fixes
    assert len(alike) == 1
    assert alike[0].more == 59 - ROWS_SHOWN
    assert alike[0].places.count("第") == ROWS_SHOWN


def test_a_repair_of_the_header_stands_without_a_row() -> None:
    (fix,) = told(case(done(1), findings=(finding("tax_id.case_or_space", "fix", "税号中的空格已去除。"),))).fixes
    assert (fix.text, fix.places) == ("税号中的空格已去除", "")


def test_a_header_that_is_no_text_is_not_shown() -> None:
    assert told(case(done(1), header={"unit": ["甲", "乙"]})).unit == ""
    assert told(case(done(1), header={})).unit == ""


def test_a_kind_without_a_policy_promises_no_days() -> None:
    assert told(case(held(1), kind="letterhead")).days is None


def test_no_day_of_closing_before_the_day_of_warning() -> None:
    made = view(case(done(1)))
    assert closing_day(made, campaign()) is None
    late = replace(made, at=made.at.replace(month=12, day=20))
    assert closing_day(late, campaign()) == ("2020年12月31日", False)
