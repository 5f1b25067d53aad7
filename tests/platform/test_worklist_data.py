"""The worklist's tables: what messages mean, and that a bad table stops the start with its name."""

from pathlib import Path

import pytest

from mailbot.domain.ports import PortError, RowResult
from mailbot.platform.worklist_data import SHIPPED, read_data


@pytest.mark.parametrize(
    ("message", "result"),
    [
        ("该用户已被分配过激活码", RowResult.ALREADY),
        ("第3行：该用户已被分配过激活码。", RowResult.ALREADY),
        ("工号不存在", RowResult.REJECTED),
        ("身份证号码已存在", RowResult.CONFLICT),
        ("系统繁忙", RowResult.UNKNOWN),
        ("", RowResult.UNKNOWN),
    ],
)
def test_a_message_means_what_the_table_says(message: str, result: RowResult) -> None:
    assert read_data(None).meaning(message) is result


def test_no_shipped_message_means_success_but_the_one_of_the_notice() -> None:
    assert [text.text for text in read_data(None).text if text.result is RowResult.ALREADY] == [
        "该用户已被分配过激活码"
    ]


def test_only_grants_and_revocations_have_a_year() -> None:
    data = read_data(None)
    assert [c.heading for c in data.columns("open_account")] == ["用户名", "姓名", "身份证号码", "手机号码", "批次"]
    assert "年度" in [c.heading for c in data.columns("grant")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('value   = "name"', 'value   = "nmae"', "nmae"),
        ('result = "already"', 'result = "done"', "done"),
        ("[error_file]", "[error_flie]", "error_flie"),
        ('heading = "用户名"', "heading = ", "worklist.toml|site.toml"),
    ],
)
def test_a_bad_table_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = SHIPPED.read_text("utf-8")
    assert old in text
    path = tmp_path / "site.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PortError, match=said) as refused:
        read_data(path)
    assert refused.value.retry is False


def test_a_table_without_phone_or_user_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    text = SHIPPED.read_text("utf-8").replace('"user_name"', '"name"').replace('value   = "phone"', 'value   = "name"')
    path.write_text(text, "utf-8")
    with pytest.raises(PortError, match="no column"):
        read_data(path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(PortError, match=r"gone\.toml"):
        read_data(tmp_path / "gone.toml")
