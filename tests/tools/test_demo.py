"""The demonstration: the real daemon between the embedded servers, twice; its picture; and the words of its table."""

from __future__ import annotations

import ast
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import defusedxml.ElementTree as DefusedXml
import pytest
from rich.cells import cell_len
from rich.console import Console

from mailbot.data import templates_dir
from mailbot.domain import robots
from mailbot.domain.effects import EffectState
from mailbot.domain.findings import Finding, Severity
from mailbot.ledger.lines import LetterLine
from mailbot.steps import mailrules
from tests.stories.leaks import whole_numbers
from tools.demo.outcome import Row, show
from tools.demo.play import play
from tools.demo.words import CAPPED, MARKS, TEMPLATES, brief, letter_word, mail_word, reason
from tools.stories import DemoMail
from tools.stories.shelf import all_stories

FEW = ("014", "118", "402", "500", "411")
"""Five stories, six mails: opened, asked, a bounce, a copy, for a person (who is told that it came)."""
AT = datetime(2020, 9, 16, 2, 0, tzinfo=UTC)


def few() -> list[DemoMail]:
    mails = [mail for story in all_stories() if story.name[:3] in FEW for mail in story.mails]
    return [DemoMail(mail.raw, mail.mailbox, mail.at) for mail in sorted(mails, key=lambda mail: mail.at)]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int], list[str]]:
    """Two runs in one folder: the folder, the exit codes, and what each printed."""
    folder = tmp_path_factory.mktemp("demo")
    codes, told = [], []
    with pytest.MonkeyPatch.context() as patch:
        for number in (1, 2):
            out = (folder / f"out{number}").open("w+", encoding="utf-8")
            patch.setattr("sys.stdout", out)
            codes.append(play(folder / "demo", picture=folder / "docs" / "demo.svg", mails=few()))
            out.seek(0)
            told.append(out.read())
            out.close()
    return folder, codes, told


@pytest.mark.timeout(120)
def test_every_mail_has_its_line(runs: tuple[Path, list[int], list[str]]) -> None:
    _folder, codes, (first, _second) = runs
    assert codes == [0, 0]
    for what in ("名单 5 人", "全部通过", "请更正", "退信", "重复来信", "转人工审核", "结果信", "不回信"):
        assert what in first
    assert "6 mails delivered, 6 in the ledger, raw bytes of 6; 4 cases" in first


@pytest.mark.timeout(120)
def test_a_second_run_does_nothing_twice_and_says_so(runs: tuple[Path, list[int], list[str]]) -> None:
    _folder, _codes, (first, second) = runs
    assert "Run again: 6 copies came in; 0 new cases, 0 new accounts, 0 new letters." in second
    assert "没有任何事办了两遍" in second
    assert "没有任何事办了两遍" not in first


@pytest.mark.timeout(120)
def test_the_table_is_the_same_after_both_runs(runs: tuple[Path, list[int], list[str]]) -> None:
    _folder, _codes, told = runs
    tables = [text.partition("来信与结果")[2].partition("送达")[0] for text in told]
    assert tables[0].count("\n") > len(few())
    assert tables[0] == tables[1]


@pytest.mark.timeout(120)
def test_letters_and_workbooks_lie_where_it_says(runs: tuple[Path, list[int], list[str]]) -> None:
    folder, _codes, (first, _second) = runs
    letters = sorted(path.name for path in (folder / "demo" / "letters").iterdir())
    assert len(letters) == 4
    papers = sorted(path.suffix for path in (folder / "demo" / "workbooks").iterdir())
    assert papers == [".docx", ".xlsx", ".xlsx", ".xlsx"]
    for place in ("letters", "workbooks", "storage/ledger.sqlite3", "storage/blobs", "mailbot.log", "mailbot.toml"):
        assert str(folder / "demo" / place) in first
        assert (folder / "demo" / place).exists()


@pytest.mark.timeout(120)
def test_nothing_personal_is_whole_in_what_it_prints(runs: tuple[Path, list[int], list[str]]) -> None:
    folder, _codes, told = runs
    log = (folder / "demo" / "mailbot.log").read_text("utf-8")
    picture = (folder / "docs" / "demo.svg").read_text("utf-8")
    assert [number for text in (*told, log, picture) for number in whole_numbers(text)] == []


@pytest.mark.timeout(120)
def test_the_picture_stands_alone(runs: tuple[Path, list[int], list[str]]) -> None:
    folder, _codes, _told = runs
    text = (folder / "docs" / "demo.svg").read_text("utf-8")
    assert DefusedXml.fromstring(text).tag.endswith("svg")
    assert "url(" not in text.replace("url(#", "")
    assert "来信与结果" in text


LINE = Row("09-16 14:20", "甲单位2020年报名名单", "名单 5 人", "全部通过", "green", "5", "结果信", "09-18 17:30")


@pytest.mark.parametrize(("width", "columns"), [(80, 4), (119, 4), (120, 7), (150, 7)])
def test_the_table_fits_the_terminal(width: int, columns: int) -> None:
    out = io.StringIO()
    show(Console(file=out, width=width), [LINE, LINE])
    lines = out.getvalue().splitlines()
    assert max(cell_len(line) for line in lines) <= width
    told = [line for line in lines if "全部通过" in line]
    assert len(told) == 2
    values = (LINE.received, "甲单位", LINE.what, LINE.result, " 5 ", LINE.letter, LINE.due)
    assert sum(value in told[0] for value in values) == columns


def test_ctrl_c_ends_it_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tools.demo.play._until_quiet", interrupted)
        assert play(tmp_path, mails=few()[:1]) == 130
    assert "interrupted, nothing is lost" in capsys.readouterr().out
    assert play(tmp_path, mails=few()[:1]) == 0
    assert "accounts, 1 letters" in capsys.readouterr().out


def test_every_mark_that_ends_a_mails_way_has_a_word() -> None:
    tree = ast.parse(Path(robots.__file__).read_text("utf-8"))
    reasons = {node.value for name in ast.walk(tree) if isinstance(name, ast.Return) for node in ast.walk(name)
               if isinstance(node, ast.Constant) and re.fullmatch(r"[a-z]+(_[a-z]+)*", str(node.value))}  # fmt: skip
    reasons |= {robots.BOUNCE, robots.BOUNCE_LIKE}
    assert {"bounce", "receipt", "auto_submitted", "loop", "no_reply"} <= reasons
    assert {*reasons, *robots.WEAK, mailrules.COPY, mailrules.BEFORE_START} <= set(MARKS)


def test_every_template_has_a_word() -> None:
    emails = templates_dir() / "emails"
    names = {path.stem for kind in ("mail", "roster") for path in (emails / kind).glob("*.txt")}
    assert names <= set(TEMPLATES)


def letter(state: EffectState, detail: str | None) -> LetterLine:
    return LetterLine(
        key="mail:1:1", kind="receipt", to="a@b.cn", state=state, draft=False, attempts=0, message_id="<a@b>",
        subject=None, template="roster/hold", sha256=None, detail=detail, mail_id=1, not_before=None, planned_at=AT,
        started_at=None, ended_at=None, cases=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "detail", "word"),
    [
        (EffectState.DONE, "250 taken", "收到回执"),
        (EffectState.CANCELLED, "capped", CAPPED),
        (EffectState.CANCELLED, "ended", "已取消"),
        (EffectState.PLANNED, None, "待发出"),
        (EffectState.UNCERTAIN, "lost", "发送结果不明"),
    ],
)
def test_a_letter_in_one_word(state: EffectState, detail: str | None, word: str) -> None:
    assert letter_word(letter(state, detail)) == word
    assert letter_word(replace(letter(EffectState.DONE, None), template="roster/new")) == "new"


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        ("缺姓名，请填写。", "缺姓名"),
        ("附件“名单，终稿.xlsx”有打开密码，请取消密码后再发。", "附件有打开密码"),
        ("名单写明12人，实际读到10人，由审核人员核对。", "名单写明12人，实际读到10人"),
        ("手机号码应为1开头的11位数字，请核对。", "手机号码应为1开头的11位数字"),
        ("几个人用了同一个手机号码。手机号码就是用户名，请核对。", "几个人用了同一个手机号码"),
        ("请重新填写。", "请重新填写"),
    ],
)
def test_a_sentence_without_its_advice(sentence: str, short: str) -> None:
    assert brief(sentence) == short


def test_the_reason_is_the_heaviest_and_most_frequent() -> None:
    lost, missing = "末几位已经丢失，请重填。", "缺姓名，请填写。"
    asked = [Finding("id.precision_lost", Severity.ASK, lost)] * 2 + [Finding("name.missing", Severity.ASK, missing)]
    noted = Finding("sender.unbound", Severity.NOTE, "尚未确认。")
    assert reason([noted]) == ""
    assert reason([noted, *asked]) == "末几位已经丢失等2种情形"
    assert reason([*asked, Finding("row.hidden", Severity.HOLD, "隐藏行，由审核人员核对。")]) == "隐藏行"


def test_a_mail_without_a_case_is_named_by_its_last_mark() -> None:
    assert mail_word(["repair.charset", "bounce"]) == "退信"
    assert mail_word(["repair.charset"]) == mail_word([]) == "没有名单"
