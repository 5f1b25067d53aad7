"""Letters and drafts from the shell: read before they go, released, cancelled; and the switches that make drafts."""

from pathlib import Path

import pytest

from mailbot.cli.exits import ExitCode
from tests.cli.conftest import ALIKE
from tests.cli.mails import FIRST_ROW, LATER, SENDER
from tests.cli.shell import Ran, mailbot

ONE = "2020-000001"


@pytest.fixture
def rehearsing(storage: Path) -> Path:
    """The storage in rehearsal, with one case approved: three effects as drafts, and a letter that declines one row of
    another case."""
    assert mailbot("mode", "rehearsal", "--by", "王审核", "--storage", storage).code == 0
    by = ("--by", "王审核", "--reason", "名单有误", "--yes", "--storage", storage)
    assert mailbot("case", "decide", ONE, "--proposed", "--approve", *by).code == 0
    assert mailbot("case", "decide", "2020-000002", "--row", str(FIRST_ROW), "--decline", *by).code == 0
    return storage


def drafts(storage: Path) -> tuple[list[str], list[str]]:
    found = mailbot("draft", "list", "--json", "--storage", storage).json
    return [one["key"] for one in found["effects"]], [one["key"] for one in found["letters"]]


def act(storage: Path, *words: str) -> Ran:
    return mailbot(*words, "--by", "王审核", "--storage", storage)


def test_drafts_of_both_kinds_stand_in_one_list_masked(rehearsing: Path) -> None:
    effects, letters = drafts(rehearsing)
    assert len(effects) == 3
    assert len(letters) == 1
    page = mailbot("draft", "list", "--storage", rehearsing).out
    assert all(who.name in page and who.phone not in page and who.id_number not in page for who in ALIKE)
    assert SENDER in page


def test_released_effects_are_delivered_and_others_stay(rehearsing: Path, filled: Path, tmp_path: Path) -> None:
    effects, _ = drafts(rehearsing)
    ran = act(rehearsing, "draft", "release", effects[0])
    assert "已放行 1 项" in ran.out
    again = ("--storage", rehearsing, "--out", tmp_path, "--at", LATER, "--json", "-")
    assert mailbot("process", filled / "1.eml", *again).code == 0
    (tmp_path / "5.eml").write_bytes((filled / "4.eml").read_bytes() + b"\r\n")
    assert mailbot("process", tmp_path / "5.eml", *again).code == 0
    shown = mailbot("case", "show", ONE, "--json", "--storage", rehearsing).json
    assert sorted(effect["state"] for effect in shown["effects"]) == ["done", "planned", "planned"]


def test_a_letter_is_read_before_it_goes(rehearsing: Path) -> None:
    _, [letter] = drafts(rehearsing)
    page = mailbot("letter", "show", letter, "--storage", rehearsing).out
    assert "名单有误" in page
    assert f"To: {SENDER}" in page
    assert "（草稿）" in page
    assert letter in mailbot("letter", "list", "--drafts", "--storage", rehearsing).out
    assert "已放行 1 项" in act(rehearsing, "letter", "release", letter).out
    assert mailbot("letter", "list", "--drafts", "--json", "--storage", rehearsing).json == []


def test_a_letter_that_went_out_shows_its_exact_words(filled: Path) -> None:
    page = mailbot("letter", "show", "mail:1:1", "--storage", filled / "storage").out
    assert "已发出" in page
    assert "登记编号" in page
    assert "尚未成文" not in page
    assert ALIKE[0].id_number not in page


def test_cancelled_effects_give_their_rows_back_to_a_person(rehearsing: Path) -> None:
    effects, letters = drafts(rehearsing)
    ran = act(rehearsing, "draft", "cancel", "--all", "--reason", "单位撤回")
    assert f"已取消 {len(effects) + len(letters)} 项" in ran.out
    shown = mailbot("case", "show", ONE, "--json", "--storage", rehearsing).json
    assert [row["state"] for row in shown["people"]] == ["held"] * 3
    assert [effect["state"] for effect in shown["effects"]] == ["cancelled"] * 3
    assert drafts(rehearsing) == ([], [])


def test_what_is_no_draft_is_refused_and_part_of_a_list_is_told(rehearsing: Path) -> None:
    nothing = act(rehearsing, "draft", "release", "mail:1:1", "no-such-key")
    assert nothing.code == ExitCode.REFUSED
    effects, _ = drafts(rehearsing)
    assert "另有 1 项" in act(rehearsing, "draft", "release", effects[0], "no-such-key").out
    assert act(rehearsing, "draft", "release").code == ExitCode.USAGE
    assert act(rehearsing, "draft", "release", "x", "--all").code == ExitCode.USAGE
    missing = mailbot("letter", "show", "no-such-key", "--storage", rehearsing)
    assert missing.err == "mailbot: 没有信件 no-such-key。\n"


def test_the_mode_is_shown_and_switched_by_a_name_only(storage: Path) -> None:
    assert mailbot("mode", "--storage", storage).out.startswith("live")
    refused = mailbot("mode", "drafts", "--storage", storage)
    assert (refused.code, "--by" in refused.err) == (ExitCode.REFUSED, True)
    assert mailbot("mode", "--storage", storage).out.startswith("live")
    assert act(storage, "mode", "drafts", "--reason", "先看信").code == 0
    assert mailbot("mode", "--storage", storage).out.startswith("drafts")
    assert mailbot("mode", "lively", "--by", "x", "--storage", storage).code == ExitCode.USAGE


def test_paused_effects_wait_and_go_on(storage: Path, filled: Path, tmp_path: Path) -> None:
    assert act(storage, "pause", "effects", "--reason", "平台维护").code == 0
    assert "办理已暂停" in mailbot("mode", "--storage", storage).out
    decided = act(storage, "case", "decide", ONE, "--proposed", "--approve", "--reason", "可", "--yes")
    assert decided.code == 0

    def states(number: int) -> set[str]:
        (tmp_path / f"{number}.eml").write_bytes((filled / "4.eml").read_bytes() + b"\r\n" * number)
        again = ("--storage", storage, "--out", tmp_path, "--at", LATER, "--json", "-")
        assert mailbot("process", tmp_path / f"{number}.eml", *again).code == 0
        return {one["state"] for one in mailbot("case", "show", ONE, "--json", "--storage", storage).json["effects"]}

    assert states(1) == {"planned"}
    assert act(storage, "resume", "effects").code == 0
    assert states(2) == {"done"}
