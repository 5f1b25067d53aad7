"""Stories 010 to 029: rosters with nothing wrong, as the official form has them and as clerks bend it."""

from __future__ import annotations

from typing import Final

from tools.stories import units
from tools.stories.cells import Row, rows
from tools.stories.clients import APPLE, COREMAIL, FOXMAIL, NETEASE, OLD_GATEWAY, OUTLOOK, WPS
from tools.stories.model import Arrived, story
from tools.stories.people import numbered, of, people
from tools.stories.sheets import OFFICIAL_HEADS, Grid, Sheet
from tools.stories.submit import Submission

RENAMED: Final = (
    ("unit", "工作单位"),
    ("name", "学员姓名"),
    ("sex", "性别"),
    ("phone", "联系电话（手机）"),
    ("id_number", "身份证号"),
    ("post", "职称"),
)


@story("010-official-form-43-rows")
def _() -> Arrived:
    """The official form, 43 people, by QQ mail: all accounts are opened at once."""
    sheet = Sheet(units.PRIMARY, rows(people(0, 43)))
    return Submission((sheet,), "accept", "fulfilled").arrived()


@story("011-moved-and-renamed-columns")
def _() -> Arrived:
    """Columns in another order, under other names, with extra ones between them."""
    staff = people(50, 6)
    extra = [{"unit": units.HOSPITAL.name, "sex": "男" if n % 2 else "女", "post": "主治医师"} for n in range(50, 56)]
    typed = tuple(Row(one, extra=dict(more)) for one, more in zip(staff, extra, strict=True))
    sheet = Sheet(units.HOSPITAL, typed, heads=RENAMED, labels="beside", title="2020年公需科目参训人员名单", tail=())
    return Submission((sheet,), "accept", "fulfilled", client=NETEASE, file="参训人员名单.xlsx").arrived()


@story("012-offset-table")
def _() -> Arrived:
    """The whole form begins at D7, with empty rows between the label block and the heading."""
    sheet = Sheet(units.DESIGN, rows(people(60, 5)), top=7, left=4, gap=3, labels="beside")
    return Submission((sheet,), "accept", "fulfilled", client=OUTLOOK, file="报名表.xlsx").arrived()


@story("013-label-block-below-the-table")
def _() -> Arrived:
    """The label block stands under the people instead of over them."""
    sheet = Sheet(units.COLLEGE, rows(people(66, 7)), labels_below=True, labels="beside", tail=())
    return Submission((sheet,), "accept", "fulfilled", client=COREMAIL).arrived()


@story("014-numbered-empty-rows")
def _() -> Arrived:
    """Five people in the form's sixteen numbered rows: the empty ones are nobody."""
    sheet = Sheet(units.BUREAU, rows(people(74, 5)), empty=11)
    return Submission((sheet,), "accept", "fulfilled", client=FOXMAIL).arrived()


@story("015-total-and-notes")
def _() -> Arrived:
    """A total that is right, a signature line and notes below the people."""
    tail = (
        "合计：8人",
        "填表人：谭丽华        审核人：冉志远",
        "填表日期：2020年9月11日",
        "注：以上人员均为在职专业技术人员",
    )
    sheet = Sheet(units.MACHINES, rows(people(80, 8)), tail=tail)
    return Submission((sheet,), "accept", "fulfilled", client=FOXMAIL).arrived()


@story("016-other-sheets-ignored")
def _() -> Arrived:
    """A sheet of explanations and an empty one beside the roster are left out, with a note."""
    sheet = Sheet(units.KINDERGARTEN, rows(people(90, 4)), name="报名名单")
    guide = Grid("填表说明", {(1, 1): "一、请如实填写。", (2, 1): "二、手机号码将作为用户名。"}, (), frozenset(), ())
    blank = Grid("Sheet3", {}, (), frozenset(), ())
    wanted = Submission(
        (sheet,), "accept", "fulfilled", client=NETEASE, others=(guide, blank), notes=("sheet.ignored",)
    )
    return wanted.arrived()


@story("017-csv-in-gbk")
def _() -> Arrived:
    """A comma-separated file as a Chinese spreadsheet saves it."""
    sheet = Sheet(units.SURVEY, rows(people(96, 6)), labels="beside")
    return Submission((sheet,), "accept", "fulfilled", client=FOXMAIL, file="名单.csv", charset="gbk").arrived()


@story("018-csv-in-utf-8")
def _() -> Arrived:
    """A comma-separated file with a byte order mark, under a name that says xls."""
    sheet = Sheet(units.SURVEY, rows(people(104, 5)), labels="beside", title=None, tail=())
    wanted = Submission((sheet,), "accept", "fulfilled", client=OUTLOOK, file="报名名单.xls", charset="utf-8-sig")
    return wanted.arrived()


@story("019-without-title")
def _() -> Arrived:
    """No title line, the label block in the very first row."""
    sheet = Sheet(units.HIGH_SCHOOL, rows(people(110, 9)), title=None, tail=())
    return Submission((sheet,), "accept", "fulfilled").arrived()


@story("020-two-panels-side-by-side")
def _() -> Arrived:
    """Two tables side by side to save paper; serial numbers run on in the second."""
    sheet = Sheet(units.HIGH_SCHOOL, rows(people(120, 10)), panels=2, labels="beside")
    return Submission((sheet,), "accept", "fulfilled").arrived()


@story("021-heading-in-two-rows")
def _() -> Arrived:
    """A heading of two rows, the upper one merged over groups of columns."""
    upper = (("序号", 1), ("人员信息", 3), ("其他", 1))
    sheet = Sheet(units.WATER, rows(people(132, 5)), upper_heads=upper)
    return Submission((sheet,), "accept", "fulfilled", client=OUTLOOK).arrived()


@story("022-rare-names-and-permits")
def _() -> Arrived:
    """Minority names with a dot, rare characters, a residence permit of Hong Kong: all fine."""
    staff = (
        of("阿依古丽·买买提", 140),
        of("尼玛次仁", 141),
        of("欧阳䶮", 142),
        of("𠮷川", 143),
        of("喻镕喆", 144),
        numbered("81000019880412003", 145),
        numbered("83000019790820112", 146),
    )
    sheet = Sheet(units.MUSEUM, rows(staff))
    return Submission((sheet,), "accept", "fulfilled", client=WPS).arrived()


@story("023-wps-export-with-number-cells")
def _() -> Arrived:
    """A WPS workbook, phones as number cells, numbers as text with a serial as number."""
    typed = tuple(Row(one, phone=int(one.phone)) for one in people(150, 12))
    sheet = Sheet(units.MUSEUM, typed)
    return Submission(
        (sheet,), "accept", "fulfilled", client=WPS, wps=True, file="2020年公需科目名单（最终版）.xlsx"
    ).arrived()


@story("024-name-only-in-content-type")
def _() -> Arrived:
    """An old gateway: octet-stream, GBK words in the type's name, no disposition at all."""
    sheet = Sheet(units.CLINIC, rows(people(164, 3)))
    return Submission((sheet,), "accept", "fulfilled", client=OLD_GATEWAY, file="巫山白水卫生院名单.xls").arrived()


@story("025-long-name-in-sections")
def _() -> Arrived:
    """A long Chinese file name that Apple Mail cuts into RFC 2231 sections."""
    sheet = Sheet(units.LIBRARY, rows(people(168, 4)))
    name = "重庆市沙坪坝区芸窗图书馆2020年度专业技术人员继续教育公需科目培训学员报名名单（含退休返聘）.xlsx"
    return Submission((sheet,), "accept", "fulfilled", client=APPLE, file=name).arrived()


@story("026-the-mail-is-the-workbook")
def _() -> Arrived:
    """No multipart: the whole mail is the attachment."""
    sheet = Sheet(units.POWER, rows(people(173, 3)))
    return Submission((sheet,), "accept", "fulfilled", client=FOXMAIL, mail={"bare": True}).arrived()


@story("027-no-serial-no-remark")
def _() -> Arrived:
    """A bare table of three columns; the unit stands in its own column as well as above."""
    heads = (OFFICIAL_HEADS[1], OFFICIAL_HEADS[3], OFFICIAL_HEADS[2])
    sheet = Sheet(units.POWER, rows(people(177, 6)), heads=heads, labels="beside", tail=())
    return Submission((sheet,), "accept", "fulfilled", client=FOXMAIL).arrived()


@story("028-tail-of-formatting")
def _() -> Arrived:
    """Twelve hundred numbered rows without anybody below four people."""
    sheet = Sheet(units.PRIMARY, rows(people(184, 4)), empty=1200, tail=())
    return Submission((sheet,), "accept", "fulfilled").arrived()


@story("029-remarks-that-decide-nothing")
def _() -> Arrived:
    """Remarks about a post or a department are carried along and stop nobody."""
    staff = people(190, 3)
    typed = (Row(staff[0], remark="中级教师"), Row(staff[1], remark="党办"), Row(staff[2], remark="2018年入职"))
    newest = Row(numbered("50010319991231012", 194))
    sheet = Sheet(units.PRIMARY, (*typed, newest))
    return Submission((sheet,), "accept", "fulfilled").arrived()
