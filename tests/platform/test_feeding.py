"""Error files fed back: each line answers its own row and no other, a file of another batch answers none."""

from pathlib import Path

import pytest

from mailbot.domain.ports import PortError, RowResult
from mailbot.platform.feeding import Fed
from mailbot.platform.worklist import Worklist
from tests.platform.people import person, settings, wish


@pytest.fixture
def worklist(tmp_path: Path) -> Worklist:
    return Worklist(settings(tmp_path, batch_size="3"))


def answers(worklist: Worklist) -> dict[str, RowResult]:
    return {answer.key: answer.result for answer in worklist.collect()}


def feed(tmp_path: Path, *lines: tuple[str, str]) -> Path:
    path = tmp_path / "错误文件.csv"
    path.write_text("用户名,错误信息\n" + "".join(f"{who},{what}\n" for who, what in lines), "utf-8")
    return path


def test_an_error_file_answers_only_the_rows_it_speaks_of(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(n) for n in range(4)])
    fed = worklist.feed_errors(
        feed(
            tmp_path,
            (person(0).phone, "该用户已被分配过激活码"),
            (person(1).phone, "工号不存在"),
            (person(2).phone, "系统开小差了"),
            ("13999999999", "工号不存在"),
        ),
        "王芳",
    )
    assert (fed.answered, fed.strange, fed.unmatched, fed.contrary) == (3, (4,), (5,), ())
    assert (fed.repeated, fed.waiting) == ((), 1)
    assert answers(worklist) == {
        "account:0": RowResult.ALREADY,
        "account:1": RowResult.REJECTED,
        "account:2": RowResult.UNKNOWN,
    }
    assert worklist.batches()[1].counts == {"pending": 1}


def test_an_error_file_never_undoes_a_persons_word(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(1)])
    worklist.confirm("王芳", batch="0001")
    fed = worklist.feed_errors(feed(tmp_path, (person(1).phone, "工号不存在")), "李强")
    assert (fed.answered, fed.contrary) == (0, (2,))
    assert answers(worklist) == {"account:1": RowResult.DONE}


def test_the_same_error_file_twice_answers_once(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(1)])
    path = feed(tmp_path, (person(1).phone, "工号不存在"))
    assert worklist.feed_errors(path, "王芳", batch="0001") == Fed(1)
    before = worklist.collect()
    assert worklist.feed_errors(path, "李强", batch="0001") == Fed(0, repeated=(2,))
    assert worklist.collect() == []
    assert "王芳" not in before[0].detail


def test_the_file_of_another_batch_is_refused_whole(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(n) for n in range(6)])
    mixed = feed(tmp_path, (person(0).phone, "工号不存在"), (person(4).phone, "工号不存在"))
    with pytest.raises(PortError, match="line 3 speaks of a row of batch 0002, not of batch 0001") as refused:
        worklist.feed_errors(mixed, "王芳", batch="0001")
    assert refused.value.retry is False
    assert [b.counts for b in worklist.batches()] == [{"pending": 3}, {"pending": 3}]
    assert worklist.feed_errors(mixed, "王芳").answered == 2


def test_a_file_of_people_nobody_asked_for_is_refused(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(1)])
    strangers = feed(tmp_path, ("13999999999", "工号不存在"))
    with pytest.raises(PortError, match="no line of the file speaks of a row of batch 0001"):
        worklist.feed_errors(strangers, "王芳", batch="0001")
    assert worklist.feed_errors(strangers, "王芳").unmatched == (2,)


def test_the_batch_that_the_file_names_must_be_the_one_meant(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(n) for n in range(6)])
    path = tmp_path / "错误.csv"
    path.write_text(f"用户名,批次,错误信息\n{person(0).phone},0002,工号不存在\n", "utf-8")
    with pytest.raises(PortError, match="batch 0002"):
        worklist.feed_errors(path, "王芳", batch="0001")
    path.write_text(f"用户名,批次,错误信息\n{person(0).phone},1,工号不存在\n", "utf-8")
    assert worklist.feed_errors(path, "王芳", batch="0001") == Fed(1, waiting=2)


def test_an_id_number_finds_its_row_where_the_file_has_no_user_name(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(n) for n in range(12)])
    one = next(person(n) for n in range(12) if person(n).id_number.endswith("X"))
    path = tmp_path / "错误.csv"
    path.write_text(f"身份证号,失败原因\n{one.id_number.lower()},身份证号码已存在\n", "utf-8")
    assert worklist.feed_errors(path, "王芳").answered == 1
    assert [answer.result for answer in worklist.collect()] == [RowResult.CONFLICT]


def test_two_lines_that_contradict_each_other_are_a_persons_matter(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(1), wish(2)])
    phone, other = person(1).phone, person(2).phone
    path = feed(
        tmp_path, (phone, "该用户已被分配过激活码"), (phone, "工号不存在"), (other, "工号不存在"), (other, "工号不存在")
    )
    fed = worklist.feed_errors(path, "王芳")
    assert (fed.answered, fed.strange) == (2, (2, 3))
    found = worklist.collect()
    assert {answer.key: answer.result for answer in found} == {
        "account:1": RowResult.UNKNOWN,
        "account:2": RowResult.REJECTED,
    }
    assert "该用户已被分配过激活码; 工号不存在" in found[0].detail
    assert found[1].detail.count("工号不存在") == 1


def test_nobody_feeds_a_file_without_a_name(worklist: Worklist, tmp_path: Path) -> None:
    worklist.ensure_accounts([wish(1)])
    with pytest.raises(PortError, match="named person"):
        worklist.feed_errors(feed(tmp_path, (person(1).phone, "工号不存在")), " ")
    assert worklist.collect() == []


def test_a_line_that_could_mean_several_rows_means_none(worklist: Worklist, tmp_path: Path) -> None:
    worklist.grant([wish(1, key="a", year=2018), wish(1, key="b", year=2019)])
    fed = worklist.feed_errors(feed(tmp_path, (person(1).phone, "该用户已被分配过激活码")), "王芳")
    assert (fed.answered, fed.unmatched) == (0, (2,))
    assert worklist.collect() == []


def test_a_batch_narrows_an_error_file(worklist: Worklist, tmp_path: Path) -> None:
    worklist.grant([wish(1, key="a", year=2018)])
    worklist.grant([wish(1, key="b", year=2019)])
    path = feed(tmp_path, (person(1).phone, "该用户已被分配过激活码"))
    assert worklist.feed_errors(path, "王芳", batch="0002").answered == 1
    assert answers(worklist) == {"b": RowResult.ALREADY}
