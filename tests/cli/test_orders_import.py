"""The platform's list of orders: shown first, then taken in, and counted against the next roster."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.mails import AT, UNIT, mail, people, workbook
from tests.cli.shell import Ran, mailbot
from tests.cli.site import write_site

ORDER = "2020070297223026"
STAFF = people(3, seed=11)


def listed(folder: Path, *lines: str, head: str = "订单编号,购买单位,数量,支付状态,支付渠道") -> Path:
    path = folder / "orders.csv"
    path.write_text("\n".join([head, *(lines or (f"{ORDER},{UNIT},2,已支付,支付宝",)), ""]), "utf-8")
    return path


def take(storage: Path, file: Path, *more: str) -> Ran:
    return mailbot("orders", "import", "--storage", storage, file, *more)


def processed(storage: Path, folder: Path) -> Ran:
    (folder / "1.eml").write_bytes(mail(workbook(STAFF, order=ORDER)))
    took = mailbot("process", folder / "1.eml", "--storage", storage, "--out", folder / "out", "--at", AT,
                   "--automation", "clean", "--json", "-")  # fmt: skip
    assert took.code == 0, took.err
    return took


def codes(took: Ran) -> dict[str, str]:
    [case] = took.json["cases"]
    return {finding["code"]: finding["severity"] for finding in case["findings"]}


def test_a_list_is_shown_taken_in_and_counted(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    ran = take(storage, listed(tmp_path), "--as-of", "2020-09-22")
    assert (ran.code, ran.err) == (0, "")
    for word in ("订单清单，截至 2020-09-22（依据：--as-of）", "支付渠道", "不认识，未使用", "清单没有这些栏", "新 1"):
        assert word in ran.out
    found = codes(processed(storage, tmp_path))
    assert found["order.more_rows_than_codes"] == "hold"
    assert "order.unknown" not in found
    told = mailbot("explain", "2020-000001", "--storage", storage)
    assert "判定时的订单清单：截至 2020-09-22" in told.out
    assert "清单截至2020年9月22日" in mailbot("case", "show", "2020-000001", "--storage", storage).out


def test_without_a_list_what_it_would_tell_is_noted_as_not_known(tmp_path: Path) -> None:
    found = codes(processed(tmp_path / "storage", tmp_path))
    assert found["order.unknown"] == "note"
    assert not found.keys() & {"order.more_rows_than_codes", "order.fewer_rows_than_codes", "order.unpaid"}
    told = mailbot("explain", "2020-000001", "--storage", tmp_path / "storage")
    assert "判定时的订单清单：没有" in told.out


def test_the_same_list_again_changes_nothing_and_a_newer_one_is_told(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    take(storage, listed(tmp_path), "--as-of", "2020-09-01")
    again = take(storage, listed(tmp_path), "--as-of", "2020-09-01")
    assert "新 0，更改 0，不变 1" in again.out
    assert "已写入 0 项" in again.out
    newer = take(storage, listed(tmp_path, f"{ORDER},{UNIT},5,已退款,"), "--as-of", "2020-09-02")
    assert "更改 1" in newer.out
    assert f"{ORDER} 的激活码数量、缴费状态" in newer.out
    lists = mailbot("orders", "list", "--storage", storage).out
    assert lists.index("2020-09-01") < lists.index("2020-09-02")


def test_every_refused_row_is_named_with_file_and_line(tmp_path: Path) -> None:
    file = listed(tmp_path, f"{ORDER},{UNIT},2,已支付,", "2.02007E+15,甲,1,已支付,", "待补,乙,1,已支付,")
    ran = take(tmp_path / "storage", file)
    assert "orders.csv 第 3 行：订单号按数字保存，末几位已经丢失" in ran.out
    assert "orders.csv 第 4 行：“待补”不是一个订单号，未记入" in ran.out
    assert "拒收 2 行" in ran.out


def test_a_list_of_which_nothing_can_be_used_is_refused(tmp_path: Path) -> None:
    ran = take(tmp_path / "storage", listed(tmp_path, "2.02007E+15,甲,1,已支付,"))
    assert ran.code == 7
    assert "没有可以记入的行" in ran.err


def test_another_file_is_named_for_what_it_is(tmp_path: Path) -> None:
    ran = take(tmp_path / "storage", listed(tmp_path, "甲,1,2", head="姓名,身份证号码,手机号码"))
    assert ran.code == 6
    assert "orders.csv 不是订单清单，看来是人员清单" in ran.err


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, b"\x89PNG\r\n\x1a\n"]
)
def test_no_file_of_any_kind_brings_a_traceback(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "orders.xlsx").write_bytes(content)
    ran = take(tmp_path / "storage", tmp_path / "orders.xlsx")
    assert ran.code == 6
    assert "orders.xlsx" in ran.err


def test_a_site_asks_before_it_takes_a_list_in(tmp_path: Path) -> None:
    config = write_site(tmp_path / "site", None, None)
    refused = mailbot("orders", "import", "--config", config, listed(tmp_path))
    assert (refused.code, "--yes" in refused.err) == (7, True)
    assert "新 1" in mailbot("orders", "import", "--config", config, listed(tmp_path), "--preview").out
    took = mailbot("orders", "import", "--config", config, listed(tmp_path), "--yes", "--by", "张工")
    assert (took.code, "已写入 1 项" in took.out) == (0, True)
    assert "张工" in mailbot("orders", "list", "--config", config).out
