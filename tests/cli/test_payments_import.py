"""The register of the old platforms' payments: shown first, masked, then taken in, and replaced by a newer one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mailbot.cli.payments import hashed
from mailbot.domain.payments import Payment
from mailbot.platform.payment_file import PaidOrder
from tests.cli.shell import Ran, mailbot
from tests.ledger.world import HASHER, person

WHO = person(1)
LINE = f"T2018060500001,{WHO.name},500101199001010018,2018,33.00,已支付,2018-06-05"


def register(folder: Path, *lines: str) -> Path:
    path = folder / "register.csv"
    path.write_text("\n".join(["订单号,姓名,身份证号,年度,金额,状态,缴费时间,渠道", *(lines or (LINE,)), ""]), "utf-8")
    return path


def take(storage: Path, file: Path, *more: str) -> Ran:
    return mailbot("payments", "import", "--storage", storage, file, *more)


def test_a_register_is_shown_masked_and_taken_in(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    ran = take(storage, register(tmp_path), "--as-of", "2020-09-01", "--by", "张工")
    assert (ran.code, ran.err) == (0, "")
    for words in ("缴费记录，截至 2020-09-01", "渠道", "不认识，未使用", "新 1", "已写入 1 项", "已支付"):
        assert words in ran.out, words
    assert "500101199001010018" not in ran.out
    listed = mailbot("payments", "list", "--storage", storage)
    assert "register.csv" in listed.out
    assert "张工" in listed.out
    ledger = b"".join(path.read_bytes() for path in storage.glob("ledger.sqlite3*"))
    assert b"500101199001010018" not in ledger


def test_the_same_again_changes_nothing_and_a_newer_one_replaces(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    take(storage, register(tmp_path), "--as-of", "2020-09-01")
    assert "不变 1" in take(storage, register(tmp_path), "--as-of", "2020-09-01").out
    newer = register(tmp_path, LINE.replace("已支付", "已退款"))
    assert "更改 1" in take(storage, newer, "--as-of", "2020-09-02").out
    assert "已有更新的清单 1" in take(storage, register(tmp_path), "--as-of", "2020-09-01").out


def test_a_bad_row_is_refused_with_file_and_line(tmp_path: Path) -> None:
    ran = take(tmp_path / "storage", register(tmp_path, LINE, "T2018060500002,,,二零一八,33,已支付,"))
    assert "register.csv 第 3 行：年度“二零一八”不是一个年度，未记入" in ran.out
    assert "已写入 1 项" in ran.out


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("姓名,电话\n张三,1\n", "utf-8")
    ran = take(tmp_path / "storage", path)
    assert ran.code != 0
    assert "不是缴费记录" in ran.err


def test_a_preview_writes_nothing(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    assert "只是预览" in take(storage, register(tmp_path), "--preview").out
    assert "register.csv" not in mailbot("payments", "list", "--storage", storage).out


def test_people_are_kept_as_hashes_as_the_flow_asks_for_them() -> None:
    paid = PaidOrder("t-2018 0605", " 谭 晓", "500101199001010018", 2018, "33.00", "paid", date(2018, 6, 5))
    assert hashed(paid, HASHER) == Payment(
        HASHER.search("T20180605"), HASHER.search("500101199001010018"), HASHER.search("谭晓"), 2018, "33.00", "paid",
        date(2018, 6, 5),
    )  # fmt: skip
    assert hashed(PaidOrder("T20180605"), HASHER) == Payment(HASHER.search("T20180605"))
