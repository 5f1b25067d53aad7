"""What a mail's words ask for, by the office's own phrases: what is understood, and above all what is not."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.data import rules_dir
from mailbot.domain.intents import (
    LONGEST,
    NOTHING,
    TOPICS,
    Intent,
    Plain,
    Said,
    courteous,
    read_text,
    sentences,
    without,
)
from mailbot.domain.phrases import GAP, says
from mailbot.domain.topics import Topic

WORDS = {
    intent: tuple(phrases)
    for intent, phrases in tomllib.loads((rules_dir() / "forms" / "enquiry.toml").read_text("utf-8"))["says"].items()
}
"""As shipped."""
PHRASES = [
    (Intent(intent), phrase) for intent, phrases in sorted(WORDS.items()) if intent in set(Intent) for phrase in phrases
]
IDLE = {
    *("thanks", "greeting", "signature", "wants"),
    *("advert", "advert_reach", "phishing", "phishing_reader", "phishing_lure"),
}
SPACES = st.sampled_from(["", " ", "\u3000", "\u00a0", "\t", "\u200b", "\ufeff"])
PLAIN_TEXT = st.text(alphabet="附件为我单位名单一二三重庆某公司张王李.。，,\n :：", max_size=60)


def said(text: str, subject: str = "") -> Said:
    return read_text(text, WORDS, subject)


@pytest.mark.parametrize(("intent", "phrase"), PHRASES, ids=str)
def test_every_shipped_phrase_is_found_in_a_sentence_and_in_a_subject(intent: Intent, phrase: str) -> None:
    spoken = phrase.replace(GAP, "我们的")
    assert intent in said(f"老师您好：\n我单位的事，{spoken}，谢谢。\n某公司").intents
    assert intent in said("见附件。", spoken).intents


def test_every_list_of_words_is_one_that_the_program_asks_for() -> None:
    lists = {name for name in WORDS if not name.startswith("help_")} - IDLE
    assert lists == {*Intent, *Plain, "correction_answer", "addition_answer"} - {Intent.QUESTION}
    helps = {name for name in WORDS if name.startswith("help_")}
    assert helps == {f"help_{topic}" for topic in (*Topic, "cue", "ours", "context")}
    assert set(WORDS) >= IDLE


@given(st.sampled_from(PHRASES), st.data())
def test_spaces_width_and_invisible_characters_hide_no_phrase(case: tuple[Intent, str], data: st.DataObject) -> None:
    intent, phrase = case
    torn = "".join(char + data.draw(SPACES) for char in phrase.replace(GAP, ""))
    wide = "".join(chr(ord(char) + 0xFEE0) if char.isdecimal() and char.isascii() else char for char in torn)
    assert intent in said(wide).intents


@given(PLAIN_TEXT)
def test_a_covering_letter_asks_for_nothing(text: str) -> None:
    assert said(text) == NOTHING


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_gets_an_answer(text: str, subject: str) -> None:
    found = said(text, subject)
    assert found.topics <= TOPICS
    assert not found.only_status or found.intents == {Intent.STATUS}
    assert found.choice in {None, Intent.CORRECTION, Intent.ADDITION}
    assert found.manner in {None, Intent.CORRECTION, Intent.ADDITION, Intent.LATEST}


def test_a_phrase_across_two_sentences_is_none() -> None:
    assert said("名单我们不。报了。") == NOTHING
    assert said("名单我们不\n报了") == NOTHING
    assert Intent.WITHDRAWAL in said("名单我们不 报了").intents


@pytest.mark.parametrize("head", ["回复：", "回复:", "Re: ", "RE：", "答复：", " 回覆：", "aw: "])
def test_the_subject_of_an_answer_is_ours_and_says_nothing(head: str) -> None:
    assert said("见附件。", f"{head}请更正报名名单") == NOTHING
    assert said("见附件，已更正。", f"{head}名单").intents == {Intent.CORRECTION}


@pytest.mark.parametrize("subject", ["关于回复：更正名单", "Ready: 更正名单", "转发：更正名单", "回复更正名单"])
def test_other_subjects_are_the_senders_own(subject: str) -> None:
    assert said("见附件。", subject).intents == {Intent.CORRECTION}


def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    inside = "附" * (LONGEST - 2) + "投诉"
    assert said(inside).intents == {Intent.COMPLAINT}
    assert said("附" + inside) == NOTHING


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("", ()),
        (" \n\u3000\n。。！", ()),
        ("您好！请查收。\n谢谢", ("您好", "请查收", "谢谢")),
        ("在 吗？好；行;", ("在吗", "好", "行")),
        ("Ａ１ Ｂ２", ("A1B2",)),
        ("第一行\r\n第二行", ("第一行", "第二行")),
        ("看\u200b不\ufeff见\u00ad", ("看不见",)),
    ],
)
def test_sentences(text: str, own: tuple[str, ...]) -> None:
    assert sentences(text) == own


@given(st.text(max_size=120))
def test_a_sentence_has_no_space_and_is_never_empty(text: str) -> None:
    assert all(one and not any(char.isspace() for char in one) for one in sentences(text))
    assert sentences("\n".join(sentences(text))) == sentences(text)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("更正", Intent.CORRECTION),
        ("是更正，谢谢老师！", Intent.CORRECTION),
        ("老师您好：\n更正。\n谢谢！", Intent.CORRECTION),
        ("“更正”", Intent.CORRECTION),
        ("１", Intent.CORRECTION),
        ("1.", Intent.CORRECTION),
        ("2", Intent.ADDITION),
        ("补充人员，辛苦了", Intent.ADDITION),
        ("新 增", Intent.ADDITION),
        ("不是更正", None),
        ("是更正还是补充", None),
        ("更正。补充。", None),
        ("更正\n重庆某某公司", None),
        ("12", None),
        ("3", None),
        ("更正第3行", None),
        ("", None),
        ("谢谢", None),
    ],
)
def test_the_bare_answer_to_the_question(text: str, choice: Intent | None) -> None:
    assert said(text).choice is choice


def test_a_subject_answers_no_question() -> None:
    assert said("", "更正").choice is None


@pytest.mark.parametrize(
    "text",
    [
        "请问办好了吗？",
        "老师您好，\n请问我单位的名单办好了吗？\n谢谢！",
        "请问2020-000012办到哪一步了？",
        "注册好了没？辛苦了。\n王老师 023-67891234",
        "什么时候能注册\n联系电话：13800001234",
        "是否收到？盼复。\n此致\n敬礼\n某某公司",
    ],
)
def test_who_only_asks_how_far_it_is(text: str) -> None:
    found = said(text)
    assert found.only_status
    assert found.topics == {Intent.STATUS}


@pytest.mark.parametrize(
    "text",
    [
        "办好了吗？另外发票怎么开？",
        "办好了吗？张三的身份证号是500107199001012134",
        "办好了吗？密码多少",
        "办好了吗？没办好就别办了，不报了",
        "办好了吗？不行我就投诉",
        "办好了吗？手机号码错了",
        "请把激活码发给我，办好了吗？",
        "办好了吗？第3行张三的名字错了",
        "附件为我单位名单。",
        "",
    ],
)
def test_whoever_asks_for_more_is_read_by_a_person(text: str) -> None:
    assert not said(text).only_status


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("附件为更正后的名单", Intent.CORRECTION),
        ("新增两人，见附件", Intent.ADDITION),
        ("更正一人，另新增两人", None),
        ("名单已更正，新增两人，以此为准", Intent.LATEST),
        ("以最新为准", Intent.LATEST),
        ("见附件", None),
        ("请撤回", None),
    ],
)
def test_how_a_list_is_meant(text: str, manner: Intent | None) -> None:
    assert said(text).manner is manner


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("之前的名单作废，以此为准", set()),
        ("上一封作废", set()),
        ("名单作废", {Intent.WITHDRAWAL}),
        ("我们不报名了，请撤回", {Intent.WITHDRAWAL}),
        ("以此为准，否则投诉", {Intent.COMPLAINT}),
        ("更正名单，新增一人", set()),
        ("更换联系人，手机号改为13800001234", {Intent.CONTACT, Intent.PHONE}),
    ],
)
def test_a_list_that_replaces_another_withdraws_nothing(text: str, topics: set[Intent]) -> None:
    assert said(text).topics == topics


@pytest.mark.parametrize(
    ("text", "of_rows"),
    [
        ("第3行手机号应为13800001234", True),
        ("名单第 12 行 张三 删去", True),
        ("3行错", True),
        ("序号5张三改为张珊", True),
        ("序号为12的李四身份证有误", True),
        ("第3行张三没有问题", False),
        ("第三行有误", True),
        ("第十二行张三的电话应改", True),
        ("一行人都报错了", False),
        ("名单共三行，有误", False),
        ("名单有误", False),
        ("第3行。后面改了", False),
        ("第3行" + "的" * 41 + "改", False),
    ],
)
def test_what_is_said_of_single_rows(text: str, of_rows: bool) -> None:
    assert said(text).of_rows is of_rows


@pytest.mark.parametrize(
    ("sentence", "asks_nothing"),
    [
        ("谢谢老师", True),
        ("某某公司", True),
        ("2020-000012", True),
        ("2020-000012-3", True),
        ("王敏,023-67891234", True),
        ("联系电话:13800001234", True),
        ("(023)67891234", True),
        ("20200915", True),
        ("订单2020070297223026", False),
        ("500107199001012134", False),
        ("请帮忙办理", False),
        ("有几个人", False),
        ("更正", False),
        ("不报了", False),
    ],
)
def test_what_asks_nothing(sentence: str, asks_nothing: bool) -> None:
    assert courteous(sentence, WORDS) is asks_nothing


@given(st.text(alphabet="ab谢您", max_size=12), st.lists(st.sampled_from(["谢谢", "谢谢您", "a", "ab"]), max_size=4))
def test_taking_phrases_out_takes_the_longest_and_adds_nothing(text: str, phrases: list[str]) -> None:
    left = without(text, tuple(phrases))
    assert len(left) <= len(text)
    assert without("xx谢谢您xx", ("谢谢", "谢谢您")) == "xxxx"
    assert left == text or any(phrase in text for phrase in phrases)


def test_words_that_the_office_has_emptied_mean_nothing() -> None:
    assert read_text("请撤回，投诉，更正", {}) == NOTHING
    assert read_text("请撤回", {Intent.WITHDRAWAL: ()}) == NOTHING


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("请删除我的个人信息", True),
        ("请删除你们保存的我的个人信息", True),
        ("删除个人信息", True),
        ("个人信息里有一条要删除", False),
        ("删除第3行,其他人的手机号和个人信息", False),
        ("删除\n个人信息", False),
    ],
)
def test_a_phrase_with_a_gap_spans_a_few_characters_of_one_sentence(sentence: str, found: bool) -> None:
    assert says(sentence, ("删除…个人信息",)) is found
    assert ("留" in without(f"留{sentence}", ("删除…个人信息",))) is True
    assert ("删除" in without(sentence, ("删除…个人信息",))) is not found
