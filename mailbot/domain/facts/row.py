"""The facts about one row of a roster: its three values, its remark, its twins in the list, and what is known of the
person. Most are plain yes or no; `raw` is the cell as the clerk wrote it, `clean` what would be registered."""

from __future__ import annotations

from typing import Final

from mailbot.domain.facts.vocabulary import Fact, Vocabulary

_NAME: Final = "姓名一栏"
_ID: Final = "身份证号码一栏"
_PHONE: Final = "手机号码一栏"
_LIST: Final = "本名单各行比对"
_LEDGER: Final = "本系统登记的以往来信"
_PLATFORM: Final = "平台导出的账号资料"
_CODES: Final = "平台导出的激活码与学习资料；未导入或未载明时未知"

_ROW: Final = (
    Fact("row.number", "int", "表格行号", "工作表"),
    Fact("row.serial", "text", "序号", "序号一栏", "text"),
    Fact("row.hidden", "bool", "隐藏行", "工作表的隐藏行或隐藏工作表；超大表格未读取时未知"),
    Fact("row.remark", "text", "备注", "备注一栏", "text"),
    Fact("row.remark_decides", "bool", "备注影响办理", "备注含有 forms/roster.toml 所列字样"),
    Fact("row.remark_reason", "text", "备注的含义", "forms/roster.toml 所列字样的说明"),
    Fact("row.duplicate", "bool", "与前面一行完全相同", _LIST),
    Fact("row.swapped", "bool", "几栏填反", "姓名、身份证号码、手机号码三栏的内容"),
    Fact("row.merged", "bool", "一格内有几项内容", "姓名、身份证号码、手机号码三栏的内容"),
    Fact("cell.error", "bool", "单元格为错误值", "单元格类型"),
    Fact("cell.no_value", "bool", "公式没有计算结果", "单元格类型"),
    Fact("cell.columns", "text", "出错的栏目", "单元格类型"),
)
_NAMES: Final = (
    Fact("name.raw", "text", "姓名原文", _NAME, "person"),
    Fact("name.clean", "text", "姓名", _NAME, "person"),
    Fact("name.inner_space", "bool", "姓名中间有空格", _NAME),
    Fact("name.line_break", "bool", "姓名中有换行", _NAME),
    Fact("name.invisible_char", "bool", "姓名中有不可见字符或异体部首", _NAME),
    Fact("name.dot_variant", "bool", "间隔号写法不一", _NAME),
    Fact("name.fullwidth", "bool", "姓名中有全角字符", _NAME),
    Fact("name.missing", "bool", "缺姓名", _NAME),
    Fact("name.lost_char", "bool", "姓名有字显示不出", _NAME),
    Fact("name.illegal_char", "bool", "姓名中有不该有的字符", _NAME),
    Fact("name.latin_in_han", "bool", "汉字姓名中夹有字母", _NAME),
    Fact("name.remark", "bool", "姓名中夹有说明", _NAME),
    Fact("name.private_use_char", "bool", "姓名含自造字", _NAME),
)
_IDS: Final = (
    Fact("id.raw", "text", "身份证号码原文", _ID, "id_number"),
    Fact("id.clean", "text", "身份证号码", _ID, "id_number"),
    Fact("id.characters", "int", "身份证号码位数", _ID),
    Fact("id.lowercase_x", "bool", "末位 x 为小写", _ID),
    Fact("id.fullwidth", "bool", "身份证号码有全角字符", _ID),
    Fact("id.separator", "bool", "身份证号码中有空格或符号", _ID),
    Fact("id.apostrophe", "bool", "身份证号码前有撇号", _ID),
    Fact("id.invisible_char", "bool", "身份证号码中有不可见字符", _ID),
    Fact("id.missing", "bool", "缺身份证号码", _ID),
    Fact("id.length", "bool", "身份证号码位数不对", _ID),
    Fact("id.charset", "bool", "身份证号码含其他字符", _ID),
    Fact("id.checksum", "bool", "身份证号码校验位不符", "GB 11643-1999 校验码"),
    Fact("id.birth_invalid", "bool", "身份证号码中的出生日期不存在", _ID),
    Fact("id.fifteen_digit", "bool", "15 位旧号码", _ID),
    Fact("id.precision_lost", "bool", "身份证号码按数字存储，末几位已丢失", "单元格类型"),
    Fact("id.masked", "bool", "身份证号码被遮盖", _ID),
    Fact("id.conflict", "bool", "同一身份证号码对应不同的人或手机号码", _LIST),
    Fact("id.other_document", "bool", "其他证件", _ID),
    Fact("id.foreigner_pr", "bool", "外国人永久居留证", _ID),
    Fact("id.region_unknown", "bool", "身份证号码前两位不是任何省份", "历年 GB/T 2260"),
    Fact("id.age", "int", "年龄", "身份证号码中的出生日期与收信日期"),
    Fact("id.sex_mismatch", "bool", "性别与身份证号码不符", "性别一栏"),
    Fact("id.birth_mismatch", "bool", "出生日期与身份证号码不符", "出生日期一栏"),
)
_PHONES: Final = (
    Fact("phone.raw", "text", "手机号码原文", _PHONE, "phone"),
    Fact("phone.clean", "text", "手机号码", _PHONE, "phone"),
    Fact("phone.country_code", "bool", "手机号码前有国家代码", _PHONE),
    Fact("phone.separator", "bool", "手机号码中有空格或符号", _PHONE),
    Fact("phone.fullwidth", "bool", "手机号码有全角数字", _PHONE),
    Fact("phone.decimal_tail", "bool", "手机号码后有 .0", _PHONE),
    Fact("phone.invisible_char", "bool", "手机号码中有不可见字符", _PHONE),
    Fact("phone.missing", "bool", "缺手机号码", _PHONE),
    Fact("phone.format", "bool", "不是手机号码", _PHONE),
    Fact("phone.landline", "bool", "是固定电话", _PHONE),
    Fact("phone.several", "bool", "有几个号码", _PHONE),
    Fact("phone.duplicate", "bool", "几个人用同一手机号码", _LIST),
)
_PERSON: Final = (
    Fact("person.registered", "bool", "平台已有账号", _PLATFORM),
    Fact("person.registration_differs", "bool", "平台账号的姓名、证件号码或手机号码不同", _PLATFORM),
    Fact("person.differing", "text", "平台账号与名单不同的栏目", _PLATFORM),
    Fact("person.bought", "bool", "已自行购买本年度激活码", _CODES),
    Fact("person.assigned", "bool", "已分配本年度激活码", _CODES),
    Fact("person.completed", "bool", "已完成本年度学习", _CODES),
    Fact("person.account_as_of", "text", "账号资料截至何时", _PLATFORM),
    Fact("person.codes_as_of", "text", "激活码资料截至何时", _CODES),
    Fact("person.completed_as_of", "text", "学习资料截至何时", _CODES),
    Fact("person.asked_before", "bool", "以往来信或本邮件另一份名单已为此人申请", _LEDGER),
    Fact("person.held_by_other", "bool", "身份证号码或手机号码已用于不同的登记", _LEDGER),
)

ROW: Final = Vocabulary("row", "名单的一行", (*_ROW, *_NAMES, *_IDS, *_PHONES, *_PERSON))
