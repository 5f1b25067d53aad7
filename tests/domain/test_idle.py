"""Mails that need nobody: what is one, and above all which real request is none."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.data import rules_dir
from mailbot.domain.idle import Idle, idle
from mailbot.domain.mail import Mail, Part

FOLDER: Final = Path(__file__).parents[1] / "fixtures" / "wants"
WORDS: Final = {
    name: tuple(phrases)
    for name, phrases in tomllib.loads((rules_dir() / "forms" / "enquiry.toml").read_text("utf-8"))["says"].items()
}
ENDINGS: Final = ("公司", "小学", "学校", "医院", "中心", "局", "部", "处", "科")
OURS: Final = ("重庆市人力资源开发服务中心", "cqhrsp.com", "www.cqrspx.cn")
MAILS: Final[list[dict[str, str]]] = [
    mail
    for name in ("idle.toml", "idle_others.toml")
    for mail in tomllib.loads((FOLDER / name).read_text("utf-8"))["mail"]
]


def told(mail: Mail) -> Idle | None:
    return idle(mail, WORDS, OURS, ENDINGS)


def read(mail: dict[str, str]) -> Mail:
    return Mail(
        subject=mail["subject"],
        text=mail["text"],
        quoted=mail.get("quoted", ""),
        from_values=(mail.get("from", "李敏 <limin@example.cn>"),),
    )


@pytest.mark.parametrize("mail", [pytest.param(m, id=f"{m['is']}-{(m['subject'] + m['text'])[:24]!r}") for m in MAILS])
def test_each_mail_is_what_its_reader_says(mail: dict[str, str]) -> None:
    found = told(read(mail))
    assert (found.value if found else "person") == mail["is"]


def test_there_are_enough_of_each_kind() -> None:
    count = Counter(mail["is"] for mail in MAILS)
    assert min(count["thanks"], count["advert"], count["phishing"]) >= 20
    assert count["person"] >= 3 * 20


@pytest.mark.parametrize("mail", [m for m in MAILS if m["is"] != "person"], ids=lambda m: m["text"][:16])
def test_a_file_that_comes_with_it_is_looked_at(mail: dict[str, str]) -> None:
    part = Part(number=1, name="名单.xlsx", sha256="0" * 64, size=9, type="x/y")
    assert told(read(mail).model_copy(update={"parts": (part,)})) is None


@pytest.mark.parametrize("mail", [m for m in MAILS if m["is"] in ("advert", "phishing")], ids=lambda m: m["text"][:16])
@pytest.mark.parametrize("more", ["请问这是你们发的吗？", "我单位收到这封邮件，请核实。", "名单见附件。"])
def test_one_word_of_somebody_who_wants_something_leaves_it_to_a_person(mail: dict[str, str], more: str) -> None:
    read_mail = read(mail)
    assert told(read_mail.model_copy(update={"text": f"{more}\n{read_mail.text}"})) is None


@pytest.mark.parametrize("names", ["陈静 周强", "陈静\n周强", "陈静、周强", "陈静,周强"])
def test_two_names_below_thanks_may_be_a_list(names: str) -> None:
    mail = Mail(subject="谢谢", text=f"谢谢。\n{names}", from_values=("hr@unit-a.cn",))
    assert told(mail) is None
    assert told(mail.model_copy(update={"text": "谢谢。\n陈静"})) == "thanks"


@pytest.mark.parametrize("mail", [m for m in MAILS if m["is"] == "thanks"], ids=lambda m: m["text"][:16])
@pytest.mark.parametrize(
    "more", ["还差两人", "第3行有误", "请撤回", "2020070345834539", "13912345678", "什么时候办好", "没有"]
)
def test_thanks_and_one_thing_more_is_no_thanks(mail: dict[str, str], more: str) -> None:
    read_mail = read(mail)
    assert told(read_mail.model_copy(update={"text": f"{read_mail.text}\n{more}"})) is None
    assert told(read_mail.model_copy(update={"text": f"{more}\n{read_mail.text}"})) is None


@given(st.text(max_size=80), st.text(max_size=30))
def test_any_text_gets_an_answer_and_words_that_nobody_keeps_mean_nothing(text: str, subject: str) -> None:
    mail = Mail(text=text, subject=subject)
    assert told(mail) in {None, *Idle}
    assert idle(mail, {}, OURS, ENDINGS) is None
