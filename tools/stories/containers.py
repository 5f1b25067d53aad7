"""Stories 820 to 839: rosters in archives and forwarded mails, under passwords, and what only looks like one."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tools.packed import locked_office, packed, zipped
from tools.rars import rar4, rar5
from tools.stories import units
from tools.stories.books import xlsx
from tools.stories.broken import picture
from tools.stories.cells import Row, rows
from tools.stories.clients import COREMAIL, FOXMAIL, NETEASE, OUTLOOK, QQ
from tools.stories.model import Arrived, CaseTruth, Truth, story
from tools.stories.people import people
from tools.stories.post import Draft, File, post, when
from tools.stories.sheets import Sheet, lay
from tools.stories.submit import FILE, accounts, arrive, known_header
from tools.stories.units import Unit

ZIP: Final = "application/zip"
LOOSE: Final = "application/octet-stream"
AT: Final = when("2020-09-18 09:40")
TEXT: Final = "您好！报名名单见附件，请查收，谢谢！"
MARKER: Final = b"\0\x05\x16\x07" + bytes(78)
"""What macOS keeps beside a file."""


def book(sheet: Sheet) -> bytes:
    """The workbook with this one sheet."""
    return xlsx([lay(sheet)])


def roster(unit: Unit, first: int, count: int) -> Sheet:
    """A roster of a unit without any fault."""
    return Sheet(unit, rows(people(first, count)))


def good(sheet: Sheet) -> CaseTruth:
    """What must hold of a roster that was read whole."""
    staff: tuple[Row, ...] = sheet.rows
    opened = accounts((sheet,), "accept")
    return CaseTruth("accept", "fulfilled", ((lay(sheet), staff),), known_header(sheet), opened=opened)


def unread(code: str, outcome: str, state: str) -> CaseTruth:
    """What must hold of a file that could not be read: nobody in it, and one thing said."""
    return CaseTruth(outcome, state, codes=(code,), opened=0)


def sent(unit: Unit, files: Sequence[File], *cases: CaseTruth, **more: object) -> Arrived:
    """A mail of the unit with these files, which makes these cases and gets one letter."""
    draft = Draft(unit.address, f"{unit.name}报名名单", TEXT, AT, tuple(files), name=unit.contact)
    draft = replace(draft, **more)  # type: ignore[arg-type]  # fields of Draft by name, from a story
    return arrive(draft, Truth(("done",), cases, 1, unit.address))


@story("820-zip-of-windows")
def _() -> Arrived:
    """A folder packed by Windows: names in GBK, and what Excel and Windows left in it is nobody's matter."""
    sheet = roster(units.PRIMARY, 2000, 4)
    files = {
        "嘉澜小学/名单.xlsx": book(sheet),
        "嘉澜小学/~$名单.xlsx": b"\x03" + bytes(164),
        "嘉澜小学/Thumbs.db": b"x" * 60,
    }
    return sent(units.PRIMARY, [File("报名材料.zip", zipped(files), ZIP)], good(sheet), client=QQ)


@story("821-zip-of-a-mac")
def _() -> Arrived:
    """A folder packed by macOS: names in UTF-8 without saying so, and a shadow of every file."""
    sheet = roster(units.HOSPITAL, 2006, 4)
    files = {
        "名单/名单.xlsx": book(sheet),
        "__MACOSX/名单/._名单.xlsx": MARKER,
        "名单/.DS_Store": b"\0\0\0\1Bud1" + bytes(60),
    }
    data = zipped(files, charset="utf-8")
    return sent(units.HOSPITAL, [File("名单.zip", data, ZIP)], good(sheet), client=NETEASE)


@story("822-rar-that-ends-with-a-workbook")
def _() -> Arrived:
    """A RAR 5 whose last member is the workbook as it is: some programs take the whole for a zip."""
    sheet = roster(units.DESIGN, 2012, 5)
    data = rar5({"说明.txt": "请查收".encode("gbk"), "名单.xlsx": book(sheet)})
    return sent(units.DESIGN, [File("名单.rar", data, LOOSE)], good(sheet), client=FOXMAIL)


@story("823-rar-of-an-old-winrar")
def _() -> Arrived:
    """A RAR 4 with names in GBK, sent under the name of a zip."""
    sheet = roster(units.COLLEGE, 2018, 4)
    data = rar4({"北麓学院/报名名单.xlsx": book(sheet)})
    return sent(units.COLLEGE, [File("报名名单.zip", data, ZIP)], good(sheet), client=COREMAIL)


@story("824-seven-zip-with-two-departments")
def _() -> Arrived:
    """Two departments' workbooks in one 7z: two cases, one letter."""
    one, two = roster(units.MACHINES, 2024, 3), roster(units.MACHINES, 2028, 4)
    data = packed({"一车间.xlsx": book(one), "二车间.xlsx": book(two)}, "7zip")
    return sent(units.MACHINES, [File("各车间名单.7z", data, LOOSE)], good(one), good(two), client=OUTLOOK)


@story("825-tar-of-a-server")
def _() -> Arrived:
    """A roster in a tar behind gzip, as a script on a server packs it."""
    sheet = roster(units.SURVEY, 2034, 3)
    data = gzip.compress(packed({"export/名单.xlsx": book(sheet)}, "ustar"), mtime=0)
    return sent(units.SURVEY, [File("export.tar.gz", data, "application/gzip")], good(sheet), client=FOXMAIL)


@story("826-archives-in-an-archive")
def _() -> Arrived:
    """Each department packed its own archive, and the unit packed those once more."""
    one, two = roster(units.BUREAU, 2038, 3), roster(units.BUREAU, 2042, 3)
    data = zipped({"东站.zip": zipped({"东站名单.xlsx": book(one)}), "西站.rar": rar5({"西站名单.xlsx": book(two)})})
    return sent(units.BUREAU, [File("全所名单.zip", data, ZIP)], good(one), good(two), client=NETEASE)


@story("827-forwarded-mail-in-a-zip")
def _() -> Arrived:
    """A saved mail inside a zip: its roster is read, and who forwards it is who asks, not who wrote it first."""
    sheet = roster(units.KINDERGARTEN, 2048, 4)
    inner = Draft(
        "laoshi@elsewhere.example", "名单", "见附件", when("2020-09-16 08:30"), (File("名单.xlsx", book(sheet)),)
    )
    data = zipped({"转发：名单.eml": post(inner)})
    return sent(units.KINDERGARTEN, [File("转发邮件.zip", data, ZIP)], good(sheet), client=NETEASE)


@story("828-locked-zip-password-in-the-text")
def _() -> Arrived:
    """A zip under the password that the mail names."""
    sheet = roster(units.PRIMARY, 2054, 4)
    data = zipped({"名单.xlsx": book(sheet)}, key="jlxx@2020")
    text = "您好！名单涉及个人信息，已加密，解压密码：jlxx@2020，请查收。"
    return sent(units.PRIMARY, [File("名单（加密）.zip", data, ZIP)], good(sheet), client=QQ, text=text)


@story("829-locked-zip-password-in-its-name")
def _() -> Arrived:
    """The password stands in the name of the file: it opens, and is shown nowhere again."""
    sheet = roster(units.HOSPITAL, 2060, 4)
    data = zipped({"名单.xlsx": book(sheet)}, key="8888")
    return sent(units.HOSPITAL, [File("名单（密码8888）.zip", data, ZIP)], good(sheet), client=NETEASE)


@story("830-locked-workbook-password-in-the-subject")
def _() -> Arrived:
    """A workbook under a password in full-width digits in the subject, which the answer does not repeat."""
    sheet = roster(units.COLLEGE, 2066, 4)
    data = locked_office(book(sheet), "202009")
    subject = "报名名单（打开密码：２０２００９）"
    return sent(units.COLLEGE, [File(FILE, data)], good(sheet), client=COREMAIL, subject=subject)


@story("831-workbook-with-protected-structure")
def _() -> Arrived:
    """Excel encrypts a workbook with a password of its own where only its structure is protected: nobody is asked."""
    sheet = roster(units.DESIGN, 2072, 4)
    return sent(units.DESIGN, [File(FILE, locked_office(book(sheet), "VelvetSweatshop"))], good(sheet), client=FOXMAIL)


@story("832-locked-zip-password-described")
def _() -> Arrived:
    """A password that is only described opens nothing: the sender is asked, and not for the impossible."""
    data = zipped({"名单.xlsx": book(roster(units.SURVEY, 2078, 3))}, key="4509")
    case = unread("file.password_needed", "ask", "awaiting_sender")
    text = "您好！名单见附件，密码为联系人手机后四位。"
    return sent(units.SURVEY, [File("名单.zip", data, ZIP)], case, client=FOXMAIL, text=text)


@story("833-locked-rar")
def _() -> Arrived:
    """A RAR under a password cannot be opened even where the mail names it: asked for without one, or as a zip."""
    data = rar5({"名单.xlsx": book(roster(units.MACHINES, 2082, 3))}, encrypted=True)
    case = unread("file.password_needed", "ask", "awaiting_sender")
    return sent(units.MACHINES, [File("名单.rar", data, LOOSE)], case, client=OUTLOOK, text="解压密码：yg2020")


@story("834-archive-cut-off")
def _() -> Arrived:
    """A zip that was cut off on its way: asked for again, nothing of it is taken for the whole."""
    one, two = book(roster(units.BUREAU, 2086, 3)), book(roster(units.BUREAU, 2090, 3))
    data = zipped({"一.xlsx": one, "二.xlsx": two})
    case = unread("file.unreadable", "ask", "awaiting_sender")
    return sent(units.BUREAU, [File("名单.zip", data[: len(data) * 3 // 4], ZIP)], case, client=NETEASE)


@story("835-bomb-beside-a-roster")
def _() -> Arrived:
    """An archive that unpacks a thousandfold is for a person; the roster beside it goes its way."""
    sheet = roster(units.KINDERGARTEN, 2094, 3)
    files = [File("名单.xlsx", book(sheet)), File("资料.zip", zipped({"资料.bin": bytes(20_000_000)}), ZIP)]
    bomb = unread("file.bomb", "hold", "held")
    return sent(units.KINDERGARTEN, files, good(sheet), bomb, client=NETEASE)


@story("836-archives-without-end")
def _() -> Arrived:
    """Archives of archives of archives: one case for a person, not one for each of thousands."""
    data = zipped({"0.txt": bytes(2_000_000)})
    for _level in range(4):
        data = zipped({f"{n}.zip": data for n in range(16)})
    return sent(units.PRIMARY, [File("42.zip", data, ZIP)], unread("file.bomb", "hold", "held"), client=QQ)


@story("837-the-same-workbook-also-packed")
def _() -> Arrived:
    """The workbook beside itself in a zip, and once more under a password: one case, everybody registered once."""
    sheet = roster(units.HOSPITAL, 2100, 4)
    data = book(sheet)
    files = [
        File("名单.xlsx", data),
        File("名单.zip", zipped({"名单.xlsx": data}), ZIP),
        File("加密.xlsx", locked_office(data, "yl2020")),
    ]
    return sent(units.HOSPITAL, files, replace(good(sheet), at_least=True), client=NETEASE, text="加密文件密码：yl2020")


@story("838-roster-among-other-things")
def _() -> Arrived:
    """A zip with the roster, a photo and a program: the roster is read, what nobody reads is noted."""
    sheet = roster(units.SURVEY, 2106, 4)
    files = {"名单.xlsx": book(sheet), "合影.png": picture(), "安装.exe": b"MZ\x90\0" + bytes(200), "空白.xlsx": b""}
    return sent(units.SURVEY, [File("材料.zip", zipped(files), ZIP)], good(sheet), client=FOXMAIL)


@story("839-forwarded-three-times")
def _() -> Arrived:
    """A mail forwarded as an attachment three times over, saved under the name of a text: the roster is found."""
    sheet = roster(units.COLLEGE, 2112, 5)
    inner = Draft("a@dept.example", "名单", "见附件", when("2020-09-15 10:00"), (File("名单.xlsx", book(sheet)),))
    for n in range(2):
        name = "转发邮件.txt" if n else "原邮件.eml"
        inner = replace(
            inner, address=f"b{n}@dept.example", subject="转发：名单", files=(File(name, post(inner), LOOSE),)
        )
    return sent(units.COLLEGE, [File("转发.eml", post(inner), LOOSE)], good(sheet), client=COREMAIL)
