"""The facts about the person of a payment proof: what was typed and seen, and what the platform holds."""

from __future__ import annotations

from typing import Final

from mailbot.domain.facts.vocabulary import Fact, Vocabulary

_READ: Final = "表格、来信正文与图片"
_PLATFORM: Final = "平台导出的账号资料"

APPLICANT: Final = Vocabulary(
    "applicant",
    "申请人",
    (
        Fact("applicant.name", "text", "姓名", _READ, "person"),
        Fact("applicant.id_number", "text", "身份证号码", _READ, "id_number"),
        Fact("applicant.phone", "text", "手机号码", _READ, "phone"),
        Fact("applicant.name_missing", "bool", "缺姓名", f"{_READ}；图片尚未识别时未知"),
        Fact("applicant.id_missing", "bool", "缺身份证号码", f"{_READ}；图片尚未识别时未知"),
        Fact("applicant.phone_missing", "bool", "缺手机号码", f"{_READ}；图片尚未识别时未知"),
        Fact("applicant.id_wrong", "bool", "身份证号码不正确", "GB 11643-1999 位数、出生日期与校验码"),
        Fact("applicant.phone_wrong", "bool", "不是手机号码", _READ),
        Fact("applicant.id_unsure", "bool", "图片上的身份证号码辨认不清", _READ),
        Fact("applicant.phone_unsure", "bool", "图片上的手机号码辨认不清", _READ),
        Fact("applicant.differs", "bool", "填写与图片不一致", _READ),
        Fact("applicant.differing", "text", "填写与图片不一致的栏目", _READ),
        Fact("person.registered", "bool", "平台已有账号", _PLATFORM),
        Fact("person.unknown", "bool", "平台是否有账号尚不清楚", _PLATFORM),
        Fact("person.registration_differs", "bool", "平台账号的姓名、证件号码、手机号码或用户名不同", _PLATFORM),
        Fact("person.differing", "text", "平台账号与来信不同的栏目", _PLATFORM),
        Fact("person.account_as_of", "text", "账号资料截至何时", _PLATFORM),
    ),
)
