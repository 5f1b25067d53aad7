"""Invented units of Chongqing with a contact, a taxpayer number and an order: realistic names that no unit bears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tools.stories.people import person

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as its roster names it, and the address it writes from."""

    name: str
    tax_id: str
    order_no: str
    contact: str
    contact_phone: str
    address: str

    def value(self, key: str) -> str:
        """What stands in the label block under a key of the process contract's header."""
        values = {"unit": self.name, "contact": self.contact, "contact_phone": self.contact_phone}
        return (values | {"tax_id": self.tax_id, "order_no": self.order_no})[key]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def credit_code(first17: str) -> str:
    """A unified social credit code with its check character (GB 32100-2015)."""
    total = sum(_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(first17))
    return first17 + _ALPHABET[(31 - total % 31) % 31]


def unit(number: int, name: str, address: str, kind: str = "12") -> Unit:
    """An invented unit; `kind` are the first two characters of its code (12: public institution, 91: company)."""
    contact = person(600 + number)
    return Unit(
        name=name,
        tax_id=credit_code(f"{kind}50010{number % 9 + 1}{4_509_000 + number * 731:07d}{number % 10}K"[:17]),
        order_no=f"2020{700 + number:04d}{(number * 48_611_513) % 100_000_000:08d}",
        contact=contact.name,
        contact_phone=contact.phone,
        address=address,
    )


PRIMARY = unit(1, "重庆市渝中区嘉澜小学校", "jialanxx@qq.com")
HOSPITAL = unit(2, "重庆市江津区云岭中医院", "yunlingyy_rsk@163.com")
DESIGN = unit(3, "重庆澄江市政设计院有限公司", "renshi@chengjiangdesign.cn", kind="91")
COLLEGE = unit(4, "重庆北麓职业技术学院", "hr@beilu-college.edu.cn")
BUREAU = unit(5, "黔江区青杠林业工作站", "qglyz@qinggang-forest.gov.cn", kind="11")
MACHINES = unit(6, "重庆渝钢精密机械有限公司", "peixun@yugang-jm.com", kind="91")
KINDERGARTEN = unit(7, "重庆市南岸区石榴湾幼儿园", "shiliuwan_yey@126.com")
SURVEY = unit(8, "重庆三叠地质勘测队", "sandie_dz@sina.com")
HIGH_SCHOOL = unit(9, "重庆市第九十八中学校", "cq98zx@qq.com")
WATER = unit(10, "重庆临溪水务有限责任公司", "linxi.water@outlook.com", kind="91")
CLINIC = unit(11, "巫山县白水镇卫生院", "baishuiwsy@163.com")
LIBRARY = unit(12, "重庆市沙坪坝区芸窗图书馆", "yunchuang@icloud.com")
POWER = unit(13, "重庆岚峰电力工程有限公司", "lanfeng_hr@foxmail.com", kind="91")
MUSEUM = unit(14, "重庆铜梁龙灯博物馆", "longdengbwg@wps.cn")
