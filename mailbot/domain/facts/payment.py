"""The facts about one payment for one year: what is claimed, what the picture shows, and what is known of the order."""

from __future__ import annotations

from typing import Final

from mailbot.domain.facts.vocabulary import Fact, Vocabulary

_READ: Final = "表格、来信正文与图片"
_SEEN: Final = "图片识别结果；没有图片显示这笔缴费时未知"
_LEDGER: Final = "本系统登记的以往来信"
_REGISTER: Final = "导入的原平台缴费清单；未导入时未知"
_PLATFORM: Final = "平台导出的激活码与学习资料；未导入或未载明时未知"

PAYMENT: Final = Vocabulary(
    "payment",
    "缴费记录",
    (
        Fact("payment.year", "int", "缴费年度", _READ),
        Fact("payment.year_known", "bool", "有缴费年度", f"{_READ}；图片尚未识别时未知"),
        Fact("payment.year_verified", "bool", "缴费年度已核对", "填写与图片一致，或两次识别一致，或原平台缴费清单"),
        Fact("payment.together", "bool", "一行写了几个年度", _READ),
        Fact("payment.again", "bool", "同一年度另有一笔缴费", _READ),
        Fact("payment.proved", "bool", "有图片显示这笔缴费", "图片识别结果；图片尚未识别时未知"),
        Fact("payment.order_missing", "bool", "缺订单编号", f"{_READ}；图片尚未识别时未知"),
        Fact("payment.order_lost", "bool", "订单编号按数字存储，末几位已丢失", "单元格类型"),
        Fact("payment.order_cut", "bool", "图片上订单编号不完整", _SEEN),
        Fact("payment.unreadable", "bool", "图片上订单编号看不清", _SEEN),
        Fact("payment.order_verified", "bool", "订单编号已核对", "填写与图片一致，或两次识别一致，或原平台缴费清单"),
        Fact("payment.status", "text", "订单状态", f"{_SEEN}；看不出时为空"),
        Fact("payment.status_verified", "bool", "订单状态已核对", "识别的可信程度，或原平台缴费清单"),
        Fact("payment.refund", "bool", "有退款", _SEEN),
        Fact("payment.amount", "money", "金额", f"{_READ}；没有写明时未知"),
        Fact("payment.time_wrong", "bool", "付款时间不合理", "付款、下单、收信的先后与缴费年度"),
        Fact("payment.time_fault", "text", "付款时间为什么不合理", "付款、下单、收信的先后与缴费年度"),
        Fact("payment.payer_differs", "bool", "付款人不是本人", _READ),
        Fact("payment.other_course", "bool", "是其他课程的缴费", "图片上的商品说明；没有写明时未知"),
        Fact("payment.site_known", "bool", "缴费网站在已知之列", "forms/payment_proof.toml 的 sites；没有写明时未知"),
        Fact("payment.typed_differs", "bool", "填写与图片不一致", _READ),
        Fact("payment.typed", "text", "填写的内容", "表格与来信正文", "text"),
        Fact("payment.shown", "text", "图片的内容", "图片识别结果", "text"),
        Fact("payment.confirmed", "bool", "原平台缴费清单已证实", "导入的原平台缴费清单；未导入时没有证实"),
        Fact("payment.register_contradicts", "bool", "与原平台缴费清单不符", _REGISTER),
        Fact("order.reused", "bool", "订单编号已用于其他人或其他年度", _LEDGER),
        Fact("payment.asked_before", "bool", "本人此年度以往已提交过", _LEDGER),
        Fact("person.completed", "bool", "已完成该年度学习", _PLATFORM),
        Fact("person.bought", "bool", "已在本平台购买该年度", _PLATFORM),
        Fact("campaign.makeup_years", "ints", "补学年度", "本年度事实文件"),
        Fact("campaign.fee", "money", "本平台收费标准", "本年度事实文件"),
    ),
)
