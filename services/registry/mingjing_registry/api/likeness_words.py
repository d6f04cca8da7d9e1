"""Lines of a likeness in words. One rule: stored are codes and values; sentences are made when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from pydantic import BaseModel, Field

from mingjing_registry.domain.likeness import Line


class Words(NamedTuple):
    """A field's name, or what was found, in both languages."""

    zh: str
    en: str


FIELDS: Mapping[str, Words] = {
    "code": Words("统一社会信用代码", "credit code"),
    "person": Words("负责人证件号", "identity number of a person"),
    "account": Words("银行账户", "bank account"),
    "phone": Words("联系电话", "telephone"),
    "person-name": Words("负责人、举办者姓名", "name of who runs it"),
    "name": Words("机构名称", "name"),
    "which": Words("校区、序号", "which school of several"),
    "trade": Words("培训项目", "trade"),
    "county": Words("所在县区", "county"),
    "city-named": Words("名称中的地名", "city in the name"),
    "address": Words("地址", "address"),
    "person-phone": Words("负责人与电话", "persons and telephone"),
    "all": Words("合计", "total"),
}
FINDINGS: Mapping[tuple[str, str], Words] = {
    ("code", "equal"): Words("代码相同", "The code is the same."),
    ("person", "equal"): Words("同一人的证件号", "The identity number is the same."),
    ("account", "equal"): Words("账户相同", "The account is the same."),
    ("phone", "equal"): Words("电话相同", "The telephone is the same."),
    ("person-name", "equal-nearby"): Words("同一城市内姓名相同", "The same name, in the same city."),
    ("person-name", "listed"): Words(
        "该姓名的人在黑名单上，且在同一县区", "One of the two is on a blacklist, in the same county."
    ),
    ("name", "equal"): Words("名称相同", "The name is the same."),
    ("name", "alike"): Words("名称相近（全称、字号、读音）", "The names are alike: whole, brand and sound."),
    ("which", "differs"): Words("名称表明是两个校区或两所学校", "The names say that they are two schools."),
    ("trade", "differs"): Words("培训项目不同", "They teach different things."),
    ("county", "equal"): Words("同一县区", "They are in the same county."),
    ("city-named", "equal"): Words(
        "迁往他市，名称仍冠原地名", "It moved to another city and kept the place in its name."
    ),
    ("address", "same-room"): Words("同一房间", "It is the very same room."),
    ("address", "same-house"): Words("同一门牌号", "It is the same house."),
    ("address", "same-road"): Words("同一道路", "It is the same road."),
    ("person-phone", "none-agrees"): Words(
        "除名称、地点外，负责人和电话均不同", "Beside name and place nothing agrees: other persons, another telephone."
    ),
    ("all", "identical"): Words("所填各项完全一致", "Everything that both state is the same."),
    ("all", "limit"): Words("分值以 0 至 1000 为限", "A score lies between 0 and 1,000."),
}


class LineItem(BaseModel):
    """What one field adds to the score."""

    field: str
    field_zh: str
    field_en: str
    finding: str
    sentence_zh: str
    sentence_en: str
    here: str = Field(description="Of the institution; masked where personal, a reference where sealed")
    there: str = Field(description="Of the former institution")
    adds: int = Field(description="Points; all lines add up to the score")


def told(line: Line | Mapping[str, Any]) -> LineItem:
    """One line in words; a field or finding of a later release is shown by its code."""
    stored = asdict(line) if isinstance(line, Line) else dict(line)
    field, finding = stored["field"], stored["finding"]
    name = FIELDS.get(field, Words(field, field))
    sentence = FINDINGS.get((field, finding), Words(finding, finding))
    return LineItem(**stored, field_zh=name.zh, field_en=name.en, sentence_zh=sentence.zh, sentence_en=sentence.en)
