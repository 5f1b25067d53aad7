"""The facts about a roster as a whole: its file, header, order numbers, count of people, and who sent it."""

from __future__ import annotations

from typing import Final

from mailbot.domain.facts.vocabulary import Fact, Vocabulary

_FILE: Final = "读取附件的结果"
_HEADER: Final = "表头各栏"
_SHEET: Final = "工作表"
_SENDER: Final = "邮件头与本单位邮件服务器的认证结果"
_LEDGER: Final = "本系统登记的以往来信"
_LISTS: Final = "导入的平台订单清单；未导入时未知"

_FILES: Final = (
    Fact("file.unreadable", "bool", "附件打不开", _FILE),
    Fact("file.password_needed", "bool", "附件有密码", _FILE),
    Fact("file.ocr_only", "bool", "附件是图片或扫描件", _FILE),
    Fact("file.problem", "text", "附件为什么读不出来", "附件的内容类型；各类文件的说法见 rules/forms/roster.toml"),
    Fact("file.bomb", "bool", "附件展开后异常庞大", _FILE),
    Fact("file.too_many_rows", "bool", "表格行数超过上限", _FILE),
    Fact("file.correction", "bool", "是系统回信所附的更正表", _FILE),
    Fact("file.light", "bool", "只作了快速读取，看不出隐藏行和错误值", _FILE),
    Fact("file.wrong_form", "bool", "不是报名名单的格式", "各工作表的标题与表头"),
    Fact("file.name", "text", "附件名", "邮件附件", "text"),
)
_COUNTS: Final = (
    Fact("roster.people", "int", "名单行数", "逐行读取；附件打不开时未知"),
    Fact("roster.distinct", "int", "不重复的行数", "逐行读取；附件打不开时未知"),
    Fact("roster.declared", "int", "名单自称的人数", "合计行、说明或人数一栏"),
    Fact("roster.inferred", "bool", "栏目按内容推断", "表头认不出时按内容推断"),
    Fact("roster.hidden_columns", "text", "隐藏的栏目", "工作表的隐藏列；超大表格未读取时未知"),
    Fact("roster.form_year", "int", "名单标题的年度", "标题行"),
    Fact("sheet.ignored", "texts", "未读取的工作表", _SHEET, "text"),
    Fact("sheet.ignored_count", "int", "未读取的工作表数", _SHEET),
    Fact("sheet.unread_people", "int", "名单之外的身份证号码个数", "全部工作表中未归入任何一行的身份证号码"),
)
_HEAD: Final = (
    Fact("header.unit", "text", "填表单位", _HEADER, "text"),
    Fact("header.order_count", "int", "缴费订单号个数", _HEADER),
    Fact("header.order_lost", "bool", "缴费订单号按数字存储，末几位已丢失", "单元格类型"),
    Fact("header.unit_hint", "text", "名单之外写有的单位", "标题、工作表名、附件名、主题和来信正文", "text"),
    Fact("header.order_hint", "text", "名单之外写有的订单号", "标题、工作表名、附件名、主题和来信正文", "text"),
    Fact("tax_id.clean", "text", "单位纳税人识别号", _HEADER, "text"),
    Fact("tax_id.repaired", "bool", "纳税人识别号的大小写或空格已规范", _HEADER),
    Fact("tax_id.checksum", "bool", "纳税人识别号校验位不符", "GB 32100-2015 校验码"),
    Fact("tax_id.format", "bool", "不是 15 或 18 位的纳税人识别号", _HEADER),
    Fact("tax_id.legacy15", "bool", "15 位旧纳税人识别号", _HEADER),
)
_ORDERS: Final = (
    Fact("order.reused", "bool", "订单号在另一份名单中用过", _LEDGER),
    Fact("order.other_unit", "bool", "订单号是否属于其他单位", "以往来信的表头，导入的平台订单清单"),
    Fact("order.listed", "bool", "订单号是否在平台订单清单中", f"{_LISTS}；清单早于来信且没有此号时未知"),
    Fact("order.codes", "int", "订单购买的激活码个数", f"{_LISTS}；几个订单相加"),
    Fact("order.rows", "int", "订单名下的报名人数", "本名单与以往同一订单的名单，同一人只计一次"),
    Fact("order.paid", "bool", "订单是否已缴费", _LISTS),
    Fact("order.as_of", "date", "订单清单的截至日期", _LISTS),
)
_WHO: Final = (
    Fact("sender.verified", "bool", "发件地址是否通过验证", _SENDER),
    Fact("sender.ambiguous", "bool", "发件人不明确", _SENDER),
    Fact("sender.lookalike", "bool", "发件地址仿冒", _SENDER),
    Fact("sender.bound", "bool", "发件人与单位已由工作人员确认", "工作人员以往的确认"),
    Fact("sender.other_address", "bool", "该单位或订单此前由其他地址报送", "工作人员以往的确认，以往来信"),
    Fact("sender.posing", "bool", "发件人显示名称冒用本单位或其他单位", "发件人名称，工作人员以往的确认，以往来信"),
    Fact("sender.reply_elsewhere", "bool", "要求回复到其他地址", "邮件头 Reply-To"),
    Fact("platform.unknown_people", "int", "平台是否已有账号尚不清楚的人数", "平台导出的账号资料"),
    Fact("campaign.year", "int", "本年度", "本年度事实文件"),
)

ROSTER: Final = Vocabulary("roster", "报名名单", (*_FILES, *_COUNTS, *_HEAD, *_ORDERS, *_WHO))
