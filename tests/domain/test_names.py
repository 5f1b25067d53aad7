"""Names: real ones pass untouched, repairs are named, and what is no name is told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain import names
from mailbot.domain.chars import Normalised, says_nothing
from mailbot.domain.names import NameFault, Script

F = NameFault
HAN = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF),
    st.characters(min_codepoint=0x20000, max_codepoint=0x2EE5D),
    st.characters(min_codepoint=0x30000, max_codepoint=0x323AF),
)
RARE = st.text(alphabet=HAN, min_size=1, max_size=15).filter(lambda name: not says_nothing(name))


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "张三丰",
        "欧阳娜娜",
        "买买提·吐尔逊",
        "阿卜杜热合曼·阿卜杜克热木江",
        "努尔斯曼古丽阿卜杜",
        "李䶮",
        "王𠀀",
        "刘镕喆",
        "何〇",
        "张々",
        "难",
        "刘𬭚",
        "李\U0003134a",
        "JOHN SMITH",
        "Jean-Luc O'Brien",
        "MARIA DEL CARMEN J. GARCÍA",
        "WOLFESCHLEGELSTEINHAUSENBERGER",
        "བཀྲ་ཤིས",
        "ئەخمەت",
        "김철수",
    ],
)
def test_real_names_pass_untouched(name: str) -> None:
    assert names.normalise(name) == Normalised(name)
    assert names.inspect(name) == frozenset()


@given(RARE)
def test_no_han_name_is_refused_for_a_rare_character(name: str) -> None:
    assert names.inspect(name) <= {F.REMARK}
    assert names.normalise(name) == Normalised(name)


@given(st.text(alphabet=HAN, min_size=2, max_size=3), st.sampled_from([" ", "　", "\u00a0", "  ", "\n", "\r\n"]))
def test_single_characters_torn_apart_are_one_name(name: str, gap: str) -> None:
    repaired = names.normalise(gap.join(name))
    assert repaired.text == name
    assert repaired.changes == {"line_break" if "\n" in gap else "inner_space"}


@given(st.text(max_size=30))
def test_any_text_gets_an_answer_and_normalising_twice_changes_nothing(raw: str) -> None:
    once = names.normalise(raw)
    assert names.normalise(once.text).text == once.text
    names.inspect(once.text)


@given(st.text(alphabet="张三李四·.  \n\u200bAb（)", max_size=12))
def test_a_change_is_named_whenever_the_text_changed(raw: str) -> None:
    repaired = names.normalise(raw)
    if repaired.text != raw.strip(" \t\u3000"):
        assert repaired.changes


@pytest.mark.parametrize(
    ("raw", "text", "changes"),
    [
        ("张 三", "张三", {"inner_space"}),
        ("张　三", "张三", {"inner_space"}),
        ("王 小明", "王小明", {"inner_space"}),
        ("诸葛 亮", "诸葛亮", {"inner_space"}),
        ("欧阳 娜娜", "欧阳娜娜", {"inner_space"}),
        ("欧 阳 娜 娜", "欧阳娜娜", {"inner_space"}),
        ("  张三 ", "张三", set()),
        ("张\n三", "张三", {"line_break"}),
        ("张三\r\n", "张三", {"line_break"}),
        ("王 小\n明", "王小明", {"inner_space", "line_break"}),
        ("张\u200b三", "张三", {"invisible_char"}),
        ("\ufeff张三\u202c", "张三", {"invisible_char"}),
        ("张三\u00a0", "张三", {"invisible_char"}),
        ("葛\U000e0100亮", "葛亮", {"invisible_char"}),
        ("⽅三", "方三", {"invisible_char"}),
        ("买买提•吐尔逊", "买买提·吐尔逊", {"dot_variant"}),
        ("买买提‧吐尔逊", "买买提·吐尔逊", {"dot_variant"}),
        ("买买提・吐尔逊", "买买提·吐尔逊", {"dot_variant"}),
        ("买买提.吐尔逊", "买买提·吐尔逊", {"dot_variant"}),
        ("买买提。吐尔逊", "买买提·吐尔逊", {"dot_variant"}),
        ("买买提．吐尔逊", "买买提·吐尔逊", {"dot_variant"}),
        ("买买提 · 吐尔逊", "买买提·吐尔逊", {"inner_space"}),
        ("买买提 . 吐尔逊", "买买提·吐尔逊", {"dot_variant", "inner_space"}),
        ("ＪＯＨＮ　ＳＭＩＴＨ", "JOHN SMITH", {"fullwidth", "inner_space"}),
        ("John  Smith", "John Smith", {"inner_space"}),
        ("John\nSmith", "John Smith", {"line_break"}),
    ],
)
def test_each_repair(raw: str, text: str, changes: set[str]) -> None:
    assert names.normalise(raw) == Normalised(text, frozenset(changes))


@pytest.mark.parametrize("raw", ["张三 李四", "张三\n李四", "王小明 李四", "阿依古丽 买买提"])
def test_what_may_be_two_people_is_not_made_one(raw: str) -> None:
    assert names.inspect(names.normalise(raw).text) == {F.ILLEGAL_CHAR}


@pytest.mark.parametrize(
    ("raw", "faults"),
    [
        ("", {F.MISSING}),
        ("　", {F.MISSING}),
        ("无", {F.MISSING}),
        ("/", {F.MISSING}),
        ("张?", {F.LOST_CHAR}),
        ("张□", {F.LOST_CHAR}),
        ("张\ufffd", {F.LOST_CHAR}),
        ("张〓", {F.LOST_CHAR}),
        ("张*", {F.LOST_CHAR}),
        ("张&#40869;", {F.LOST_CHAR, F.ILLEGAL_CHAR}),
        ("锟斤拷", {F.LOST_CHAR}),
        ("张\ue000", {F.PRIVATE_USE_CHAR}),
        ("张\U000f0000", {F.PRIVATE_USE_CHAR}),
        ("张三2", {F.ILLEGAL_CHAR}),
        ("1张三", {F.ILLEGAL_CHAR}),
        ("张三、李四", {F.ILLEGAL_CHAR}),
        ("张三/李四", {F.ILLEGAL_CHAR}),
        ("张三.", {F.ILLEGAL_CHAR}),
        ("·张三", {F.ILLEGAL_CHAR}),
        ("买买提··吐尔逊", {F.ILLEGAL_CHAR}),
        ("张三😀", {F.ILLEGAL_CHAR}),
        ("=张三", {F.ILLEGAL_CHAR}),
        ("张san", {F.LATIN_IN_HAN}),
        ("王A", {F.LATIN_IN_HAN}),
        ("Аlex", {F.LATIN_IN_HAN}),
        ("张三（已离职）", {F.REMARK}),
        ("张三(女)", {F.REMARK}),
        ("张三 (大)", {F.REMARK}),
        ("张三【2】", {F.REMARK}),
        ("张三（", {F.REMARK}),
        ("张三离职", {F.REMARK}),
        ("张老师", {F.REMARK}),
        ("（张三）", {F.REMARK, F.ILLEGAL_CHAR}),
        ("张?（已离职）", {F.LOST_CHAR, F.REMARK}),
        ("13812345678", {F.ILLEGAL_CHAR}),
    ],
)
def test_each_fault(raw: str, faults: set[NameFault]) -> None:
    assert names.inspect(names.normalise(raw).text) == faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [("张三", Script.HAN), ("JOHN", Script.LATIN), ("张A", Script.MIXED), ("김", Script.OTHER), ("12", Script.NONE)],
)
def test_script(text: str, expected: Script) -> None:
    assert names.script(text) is expected


def test_half_of_a_surrogate_pair_is_a_lost_character() -> None:
    assert names.inspect(names.normalise("张\ud842").text) == {F.LOST_CHAR}


@pytest.mark.parametrize("name", ["谭" * 16, "谭" * 200, "A" * 61, "买" * 16 + "·吐尔逊"])
def test_what_is_longer_than_any_name_is_for_a_person(name: str) -> None:
    assert names.inspect(name) == {names.NameFault.REMARK}


@pytest.mark.parametrize("name", ["阿卜杜热合曼·阿卜杜热西提", "JOHN FITZGERALD MONTGOMERY SMITH", "买" * 15])
def test_long_names_that_there_are_pass(name: str) -> None:
    assert names.NameFault.REMARK not in names.inspect(name)


@pytest.mark.parametrize(
    "text",
    [
        "本科",
        "大专",
        "高级",
        "高级工程师",
        "汉族",
        "中共党员",
        "男",
        "女",
        "语文组",
        "内科",
        "综合部",
        "郭娟娜大专",
        "向红静内科",
        "教师",
    ],
)
def test_a_word_of_another_column_is_nobody(text: str) -> None:
    assert names.inspect(text) == {NameFault.REMARK}


@pytest.mark.parametrize(
    "text", ["王科", "李文科", "高级恩", "胜男", "田男", "司马亚男", "陈部", "本杰明", "党员生", "阿不都热合曼"]
)
def test_names_that_only_look_like_such_words_are_names(text: str) -> None:
    assert names.inspect(text) == frozenset()
