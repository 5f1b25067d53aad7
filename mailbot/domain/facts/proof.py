"""The facts about a payment proof as a whole: its pictures and files, and who sent it."""

from __future__ import annotations

from typing import Final

from mailbot.domain.facts.vocabulary import Fact, Vocabulary

_PICTURES: Final = "来信中的图片及其识别结果"
_LEDGER: Final = "本系统登记的以往来信"
_SENDER: Final = "邮件头与本单位邮件服务器的认证结果"

PROOF: Final = Vocabulary(
    "proof",
    "缴费凭证",
    (
        Fact("proof.pictures", "int", "图片张数", _PICTURES),
        Fact("proof.unread", "bool", "有图片尚未识别", _PICTURES),
        Fact("proof.unreadable", "bool", "有图片无法识别", _PICTURES),
        Fact("proof.missing", "bool", "没有缴费凭证", "图片、表格与来信正文；图片尚未识别时未知"),
        Fact("proof.not_a_proof", "bool", "图片都不是缴费凭证", f"{_PICTURES}；尚未识别时未知"),
        Fact("proof.others", "int", "凭证之外的其他图片张数", _PICTURES),
        Fact("proof.cards", "int", "身份证件图片张数", _PICTURES),
        Fact("proof.unassigned", "int", "无法对应到人的订单个数", _PICTURES),
        Fact("proof.left_out", "int", "图片上没有申请的订单个数", _PICTURES),
        Fact("proof.file_unread", "bool", "附件打不开", "读取附件的结果"),
        Fact("proof.files", "texts", "打不开的附件", "读取附件的结果", "text"),
        Fact("proof.image_reused", "bool", "同一图片在其他人的来信中出现过", _LEDGER),
        Fact("proof.image_again", "bool", "同一图片在本人以往来信中出现过", _LEDGER),
        Fact("proof.image_similar", "bool", "图片与以往的相似而订单编号不同", _LEDGER),
        Fact("sender.verified", "bool", "发件地址是否通过验证", _SENDER),
        Fact("sender.ambiguous", "bool", "发件人不明确", _SENDER),
        Fact("sender.lookalike", "bool", "发件地址仿冒", _SENDER),
        Fact("sender.posing", "bool", "发件人显示名称冒用本单位", _SENDER),
        Fact("sender.reply_elsewhere", "bool", "要求回复到其他地址", "邮件头 Reply-To"),
    ),
)
