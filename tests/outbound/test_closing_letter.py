"""The closing letter whole, word for word, as a clerk reads it: every fate, the date, the way, and what to beware of."""

import pytest

from mailbot.domain.letters import CaseView
from mailbot.outbound.import_book import ImportSheet
from mailbot.outbound.standing import Standing, told
from tests.outbound.letters import (
    NO_PHONE,
    REMARK,
    already,
    asked,
    case,
    composer,
    conflict,
    done,
    held,
    text,
    view,
)

MIXED = case(*(done(n) for n in range(1, 41)), already(41), conflict(42), asked(43, NO_PHONE), held(44, REMARK))
LETTER = """\
您好：

已收到报名名单，登记编号 2020-000012。
填表单位：重庆市某某中学
名单文件：报名名单.xlsx
名单人数：44人

已注册账号：40人，第6至45行（序号1至40）。
此前已有账号，不必重新注册：1人。
· 第46行（序号41）欧***

请更正以下1行（按您所报名单的行号）：
· 第48行（序号43）欧***：缺少手机号码
附件“请更正-2020-000012.xlsx”列有全部需要更正的行，请把正确的内容填入空白栏，随回信发回，其他内容不必改动。

请直接回复本邮件，一次补齐。

待审核：1人，由审核人员审核，收到邮件后2个工作日内（2020年7月10日前）回复。
· 第49行（序号44）欧***

平台上已有账号使用相同的身份证号码或手机号码，其他资料与名单不一致：1人，由审核人员核对，收到邮件后2个工作日内（2020年7月10日前）回复。
· 第47行（序号42）欧***

接下来请单位指定专人分配激活码：
· 账号注册成功后的第二天（2020年7月10日）起，登录重庆人社培训网，在“个人信息 → 消费足迹 → 我的激活码 → 赠送”中分配：“导入人员”为批量分配，“添加人员”为单个分配。
· 附件“激活码分配-2020-000012.xlsx”的“导入人员”表可直接用于批量分配，“办理结果”表为逐行结果，导入时不用。
· 激活码一经分配不能收回，每个激活码限使用一次，分配前请核对人员。
· 工号即用户名，须为文本格式，否则会提示“工号不存在”；提示“该用户已被分配过激活码”的，表示该学员已购买或已分配，不必再分配。
· 此前已有账号的学员，用户名不一定是手机号码，请用“添加人员”按姓名或手机号码检索，核对后分配。
· 学员用户名为手机号码，初始密码为六个零，请学员登录后及时修改密码；此前已有账号的，用户名和密码不变。

如有疑问，请直接回复本邮件，并保留登记编号。

重庆市人力资源开发服务中心
政策咨询 400-023-9229；平台问题 400-618-7500；QQ群 1136638281
重庆人社培训网 http://www.cqrspx.cn
"""


def test_a_roster_with_every_fate() -> None:
    assert text(composer().compose(view(MIXED))) == LETTER


@pytest.mark.parametrize("whole", [False, True])
def test_the_choice_of_whole_cells_changes_one_line_of_the_letter(whole: bool) -> None:
    said = text(composer(import_sheet=ImportSheet(whole=whole)).compose(view(MIXED)))
    other = [line for line in said.split("\n") if line not in LETTER.split("\n")]
    assert len(other) == (not whole)
    if not whole:
        assert other[0].endswith("请按“办理结果”表中已注册的行，从本单位名单复制手机号码填入后批量导入。")


@pytest.mark.parametrize("bound", [True, False])
@pytest.mark.parametrize("made", [MIXED, case(done(1), held(2)), case(*(done(n) for n in range(1, 500, 3)))])
def test_the_numbers_of_a_letter_add_up(made: CaseView, bound: bool) -> None:
    said = text(composer().compose(view(made, bound=bound)))
    stands = [told(row, bound=bound) for row in made.rows]
    assert f"已注册账号：{stands.count(Standing.DONE)}人" in said
    assert f"名单人数：{len(made.rows)}人" in said
