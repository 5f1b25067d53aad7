"""What the hotlines answer: which topics are asked about, and when nothing of ours is in it."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.data import rules_dir
from mailbot.domain.mail import Mail, Part
from mailbot.domain.topics import LONGEST_QUESTION, Question, Topic, question_of

FOLDER: Final = Path(__file__).parents[1] / "fixtures" / "wants"
WORDS: Final = {
    name: tuple(phrases)
    for name, phrases in tomllib.loads((rules_dir() / "forms" / "enquiry.toml").read_text("utf-8"))["says"].items()
}
MAILS: Final[list[dict[str, Any]]] = [
    mail
    for name in ("help.toml", "help_others.toml")
    for mail in tomllib.loads((FOLDER / name).read_text("utf-8"))["mail"]
]
PART: Final = Part(number=1, name="IMG.png", sha256="0" * 64, size=9, type="image/png", inline=True)


def read(mail: dict[str, Any]) -> Mail:
    return Mail(subject=mail["subject"], text=mail["text"])


@pytest.mark.parametrize("mail", [pytest.param(m, id=repr(m["subject"] + m["text"])[:40]) for m in MAILS])
def test_each_mail_asks_what_its_reader_says(mail: dict[str, Any]) -> None:
    found = question_of(read(mail), WORDS)
    assert sorted(found.topics) == sorted(mail["is"])
    assert found.only is mail["only"]


def test_every_topic_is_asked_alone_and_beside_something_of_ours() -> None:
    alone = Counter(topic for mail in MAILS for topic in mail["is"] if mail["only"])
    beside = Counter(topic for mail in MAILS for topic in mail["is"] if not mail["only"])
    assert set(alone) == set(beside) == {topic.value for topic in Topic}
    assert sum(beside.values()) >= 20


@pytest.mark.parametrize("mail", [m for m in MAILS if m["only"]], ids=lambda m: m["text"][:16])
@pytest.mark.parametrize(
    "more",
    [
        "名单见附件",
        "登记编号2020-000012",
        "500103199001011239",
        "请撤回名单",
        "请删除我的个人信息",
        "我要投诉",
        "办好了吗",
    ],
)
def test_one_thing_more_is_for_a_person_and_the_topic_stays(mail: dict[str, Any], more: str) -> None:
    asked = read(mail)
    found = question_of(asked.model_copy(update={"text": f"{asked.text}\n{more}"}), WORDS)
    assert not found.only
    assert set(mail["is"]) <= {topic.value for topic in found.topics}


def test_a_picture_or_a_long_story_is_for_a_person() -> None:
    asked = Mail(text="密码忘了怎么办")
    assert question_of(asked, WORDS).only
    assert not question_of(asked.model_copy(update={"parts": (PART,)}), WORDS).only
    assert not question_of(Mail(text="密码忘了怎么办" + "很急" * LONGEST_QUESTION), WORDS).only


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_gets_an_answer_and_without_words_there_is_no_topic(text: str, subject: str) -> None:
    mail = Mail(text=text, subject=subject)
    found = question_of(mail, WORDS)
    assert found.topics or not found.only
    assert question_of(mail, {}) == Question()
