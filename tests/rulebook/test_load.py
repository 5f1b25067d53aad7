"""Loading: what is in force, what counts as a change, and faults that span files."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.findings import Severity, Stops
from mailbot.rulebook import Answer, Rulebook, RulebookError, load, read_forms
from tests.examples import examples
from tests.rulebook.world import PAYMENT, ROW, RULE, SHIPPED, at, good_folder, loaded, templates_folder


def problems(rules_dir: Path, folder: Path, **options: object) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        load(rules_dir, [PAYMENT, ROW], templates_folder(folder), **options)  # type: ignore[arg-type]  # test data
    return [str(problem) for problem in caught.value.problems]


def rule(**changes: str) -> str:
    keys = {
        "code": '"payment.test"',
        "about": '"payment"',
        "when": '"payment.year < 2018"',
        "then": '"ask"',
        "say": '"年度 {payment.year}，付款人 {payment.payer}。"',
        "source": '"手册六"',
        **changes,
    }
    return "[[rule]]\n" + "\n".join(f"{key} = {value}" for key, value in keys.items()) + "\n"


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_is_in_force(tmp_path: Path) -> None:
    book = loaded(tmp_path)
    assert [r.code for r in book.rules["payment"]] == ["payment.year_outside"]
    assert book.rules["row"] == ()
    assert book.campaign.code == "2020"
    assert book.limits.engine.attempts == 3
    assert book.limits.reasons["engine.attempts"]
    assert book.rules["payment"][0].place == "payment.toml:2"
    assert len(book.hash) == 64


def test_a_yes_is_a_finding_with_place_facts_and_masked_values(tmp_path: Path) -> None:
    book = loaded(tmp_path, rule(field='"phone"', when='"payment.year < 2018 and payment.phone is not None"'))
    facts = PAYMENT.row({"payment.year": 2015, "payment.payer": "欧阳询真", "payment.phone": "13812345678"})
    (finding,) = book.check("payment", facts, at)
    assert (finding.code, finding.severity, finding.stops) == ("payment.test", Severity.ASK, Stops.ITEM)
    assert (finding.where.row, finding.where.field) == (7, "phone")
    assert finding.message.startswith("年度 2015，付款人 欧")
    assert "欧阳询真" not in finding.message
    assert not finding.unknown
    assert finding.facts["payment.year"] == 2015
    assert "13812345678" not in str(finding.facts)


@pytest.mark.parametrize(
    ("then", "unknown", "severity", "stops"),
    [
        ("ask", None, Severity.HOLD, Stops.ITEM),
        ("hold", None, Severity.HOLD, Stops.ITEM),
        ("fix", None, Severity.NOTE, Stops.NONE),
        ("note", None, Severity.NOTE, Stops.NONE),
        ("note", "hold", Severity.HOLD, Stops.ITEM),
        ("ask", "note", Severity.NOTE, Stops.NONE),
    ],
)
def test_an_unknown_weighs_what_its_rule_says(
    tmp_path: Path, then: str, unknown: str | None, severity: Severity, stops: Stops
) -> None:
    keys = {"then": f'"{then}"'} | ({"unknown": f'"{unknown}"'} if unknown else {})
    (finding,) = loaded(tmp_path, rule(**keys)).check("payment", PAYMENT.row({}), at)
    assert (finding.severity, finding.stops, finding.unknown) == (severity, stops, True)
    assert finding.message.startswith("缴费年度未知，")
    assert finding.facts == {"payment.year": None}


def test_an_unknown_that_stops_the_case_stops_it_too(tmp_path: Path) -> None:
    book = loaded(tmp_path, rule(then='"hold"', stops='"case"'))
    assert book.check("payment", PAYMENT.row({}), at)[0].stops is Stops.CASE


def test_an_unknown_may_pass_but_is_still_explained(tmp_path: Path) -> None:
    book = loaded(tmp_path, rule(unknown='"pass"'))
    assert book.check("payment", PAYMENT.row({}), at) == []
    (trace,) = book.explain("payment", PAYMENT.row({}))
    assert (trace.answer, trace.severity) == (Answer.UNKNOWN, None)


def test_an_order_without_a_side_names_the_empty_fact(tmp_path: Path) -> None:
    (finding,) = loaded(tmp_path, rule()).check("payment", PAYMENT.row({"payment.year": None}), at)
    assert finding.message == "缴费年度为空，系统无法核对，转人工审核。"
    assert finding.facts == {"payment.year": ""}


def test_explain_tells_hits_and_misses(tmp_path: Path) -> None:
    book = loaded(tmp_path, rule() + rule(code='"payment.other"', when='"payment.refunded"'))
    traces = book.explain("payment", PAYMENT.row({"payment.year": 2015, "payment.refunded": False}))
    assert [(t.code, t.answer) for t in traces] == [("payment.test", Answer.YES), ("payment.other", Answer.NO)]
    assert traces[0].message == "年度 2015，付款人 未知。"
    assert traces[1].facts == {"payment.refunded": "否"}
    assert traces[1].message is None


def test_a_record_without_vocabulary_is_a_fault_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        loaded(tmp_path).check("paymnet", [], at)


def _book(folder: Path, text: str) -> Rulebook:
    folder.mkdir(parents=True)
    return loaded(folder, text)


def test_the_hash_is_over_the_meaning(tmp_path: Path) -> None:
    plain = _book(tmp_path / "a", RULE).hash
    commented = RULE.replace("[[rule]]", "# 说明\n\n[[rule]]").replace(" = ", "  =  ").replace("\n", "\r\n")
    assert _book(tmp_path / "b", commented).hash == plain
    assert _book(tmp_path / "c", RULE.replace('"ask"', '"hold"')).hash != plain
    assert _book(tmp_path / "d", RULE + rule()).hash != plain


def test_the_hash_tells_a_date_from_its_text_and_one_campaign_from_another(tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path)
    first = load(rules_dir, [PAYMENT, ROW], templates_folder(tmp_path)).hash
    text = (rules_dir / "campaigns" / "2020.toml").read_text("utf-8")
    later = text.replace('code     = "2020"', 'code     = "2021"').replace("year     = 2020", "year     = 2021")
    (rules_dir / "campaigns" / "2021.toml").write_text(later, encoding="utf-8")
    old = load(rules_dir, [PAYMENT, ROW], templates_folder(tmp_path), campaign="2020")
    new = load(rules_dir, [PAYMENT, ROW], templates_folder(tmp_path))
    assert (old.campaign.code, new.campaign.code) == ("2020", "2021")
    assert len({first, old.hash, new.hash}) == 3


def test_another_year_needs_no_python(tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path)
    replaced(rules_dir / "campaigns" / "2020.toml", "[2016, 2017, 2018, 2019]", "[2014, 2015]")
    assert problems(rules_dir, tmp_path) == [
        "payment.toml:10 规则 payment.year_outside：例子 1：应为 true，算得 false（payment.year=2015，campaign.makeup_years=2014、2015）"
    ]


def test_a_campaign_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert problems(good_folder(tmp_path), tmp_path, campaign="2002") == ["campaigns 没有年度 2002，是不是 2020？"]


def test_a_kind_without_policy_is_named(tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path)
    replaced(rules_dir / "campaigns" / "2020.toml", "[kinds.roster]", "[kinds.rooster]")
    (problem,) = problems(rules_dir, tmp_path, kinds=("roster", "enquiry"))
    assert "缺少 kinds.roster，是不是写成了 rooster？" in problem


def test_limits_must_all_be_there_with_their_reasons(tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path)
    path = rules_dir / "limits.toml"
    replaced(path, "members = {", "membres = {")
    replaced(path, "attempts = { value = 3", "attempts = { value = 0")
    replaced(path, "cpu_seconds  = { value = 8", 'cpu_seconds  = { value = "8"')
    text = path.read_text("utf-8").replace('reason = "一张表读取的列数', 'raeson = "一张表读取的列数')
    path.write_text(text, encoding="utf-8")
    said = "\n".join(problems(rules_dir, tmp_path))
    assert "不认识的键 archive.membres，是不是 members？" in said
    assert "缺少 archive.members" in said
    assert "engine.attempts 的值 0 不对：应大于 0" in said
    assert "child.cpu_seconds 的值 '8' 不对：应为整数" in said
    assert 'sheet.columns 应写成 { value = 数值, reason = "理由" }' in said
    lines = dict(enumerate(text.splitlines(), start=1))
    for problem in problems(rules_dir, tmp_path):
        number = int(problem.partition(" ")[0].rpartition(":")[2])
        assert any(word in lines[number] for word in ("membres", "archive", "attempts", "cpu_seconds", "columns"))


def test_a_missing_limits_file_is_named(tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path)
    (rules_dir / "limits.toml").unlink()
    assert problems(rules_dir, tmp_path) == ["limits.toml 缺少这个文件"]


def test_a_missing_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="规则目录不存在"):
        load(tmp_path / "nowhere", [PAYMENT], templates_folder(tmp_path))


def test_what_editors_leave_behind_is_no_rule_file(tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path)
    (rules_dir / ".payment.toml.swp").write_bytes(b"\xff")
    (rules_dir / "payment.toml~").write_bytes(b"\xff")
    (rules_dir / ".#payment.toml").write_bytes(b"\xff")
    assert load(rules_dir, [PAYMENT, ROW], templates_folder(tmp_path)).rules["payment"]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path)
    path = rules_dir / "payment.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(rules_dir, [PAYMENT, ROW], templates_folder(tmp_path)).rules["payment"]


@examples(60, unless=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(RULE.encode())), noise=st.binary(max_size=4))
def test_no_damage_to_a_file_is_met_with_anything_but_problems(tmp_path: Path, cut: int, noise: bytes) -> None:
    folder = tmp_path / f"{cut}-{noise.hex()}"
    if folder.exists():
        return
    rules_dir = good_folder(folder)
    raw = RULE.encode()
    (rules_dir / "payment.toml").write_bytes(raw[:cut] + noise + raw[cut:])
    try:
        places = {
            r.place.partition(":")[0] for r in load(rules_dir, [PAYMENT], templates_folder(folder)).rules["payment"]
        }
    except RulebookError as refused:
        places = {problem.file for problem in refused.problems}
    assert places <= {"payment.toml"}


def test_unknown_is_told_from_empty_in_what_a_finding_keeps(tmp_path: Path) -> None:
    book = loaded(tmp_path, rule(when='"payment.year is None or payment.refunded"'))
    (finding,) = book.check("payment", PAYMENT.row({"payment.year": None, "payment.refunded": UNKNOWN}), at)
    assert finding.facts == {"payment.year": "", "payment.refunded": None}


def test_the_forms_alone(tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path)
    (rules_dir / "payment.toml").write_text("no toml", encoding="utf-8")
    assert read_forms(rules_dir) == {}
    (rules_dir / "forms").mkdir()
    (rules_dir / "forms" / "roster.toml").write_bytes((SHIPPED / "forms" / "roster.toml").read_bytes())
    assert read_forms(rules_dir)["roster"].columns["phone"].required
    (rules_dir / "forms" / "roster.toml").write_text('kind = "roster"\n', encoding="utf-8")
    with pytest.raises(RulebookError, match=r"forms/roster.toml:1 缺少 titles"):
        read_forms(rules_dir)


def test_due_dates_come_from_the_campaign_and_the_calendar(tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path)
    shutil.copytree(SHIPPED / "calendar", rules_dir / "calendar")
    book = load(rules_dir, [PAYMENT, ROW], templates_folder(tmp_path))
    zone = ZoneInfo("Asia/Shanghai")
    friday = datetime(2020, 9, 25, 10, tzinfo=zone)  # the Sunday behind it is a make-up working day
    assert book.due_at(friday, book.campaign, "roster").at == datetime(2020, 9, 28, 17, 30, tzinfo=zone)
    assert not book.due_at(friday, book.campaign, "roster").provisional
    assert book.due_at(datetime(2031, 1, 6, tzinfo=zone), book.campaign, "roster").provisional
    with pytest.raises(KeyError):
        book.due_at(friday, book.campaign, "rooster")


def test_a_bad_calendar_is_named_with_its_line(tmp_path: Path) -> None:
    rules_dir = good_folder(tmp_path)
    (rules_dir / "calendar").mkdir()
    (rules_dir / "calendar" / "2020.toml").write_text(
        'year = 2021\nsource = "通知"\n[days_off]\n2021-13-01 = "元旦"\n[working_weekends]\n', encoding="utf-8"
    )
    assert problems(rules_dir, tmp_path) == [
        "calendar/2020.toml:4 days_off.2021-13-01 的值 '2021-13-01' 不对：应为日期，如 2020-12-31"
    ]
    replaced(rules_dir / "calendar" / "2020.toml", "2021-13-01", "2022-01-01")
    assert problems(rules_dir, tmp_path) == ["calendar/2020.toml:1 2022-01-01 不在 2021 年"]
    replaced(rules_dir / "calendar" / "2020.toml", "2022-01-01", "2021-01-01")
    assert problems(rules_dir, tmp_path) == ["calendar/2020.toml:1 year 与文件名不符，文件名应为 2021.toml"]
