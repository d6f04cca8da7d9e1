"""The demo people (演示人员): synthetic officials of 杭州市西湖区 (330106), one for each role, with a superior.

The one rule: nobody here exists. Names are invented; a grant says exactly what the person may do in the demo. It is
given by an event when the demo is installed; only services carry theirs in their tokens. Whoever acts for one bank,
institution or school that is not named here gets a token and no rights, until an administrator gives her a grant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mingjing.first_grants import INSTALLER, demo_subject
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import ANY, OUTSIDERS, Grant, Role

CITY = "3301"
COUNTY = "330106"
TOWN = "330106109"
ACTING = "@"
"""Between a person's key and the organisation that she acts for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody who can be chosen at sign-in. ``key`` is what a script writes: ``fund-regulator``."""

    key: str
    name: str
    title: str
    department: str
    grants: tuple[Grant, ...]
    region: str = COUNTY
    kind: str = "person"

    @property
    def subject(self) -> str:
        """The same in every installation, so that demo logs can be compared."""
        return demo_subject(self.key)

    def acting_for(self, organisation: str, name: str = "") -> DemoPerson:
        """The same person for one bank, institution or school only, with a subject of its own."""
        narrowed = tuple(
            replace(grant, organisation=organisation) if grant.role in OUTSIDERS else grant for grant in self.grants
        )
        named = name or self.name
        return replace(self, key=f"{self.key}{ACTING}{organisation}", name=named, grants=narrowed)

    def claims(self) -> dict[str, Any]:
        """What a token says about the person: who it is, not what she may do."""
        carried = self.grants if self.kind == "service" else ()
        return {
            "sub": self.subject,
            "name": self.name,
            "department": self.department,
            "region": self.region,
            "kind": self.kind,
            "grants": [
                {
                    "role": grant.role.value,
                    "department": grant.department,
                    "region": grant.region,
                    "category": grant.category,
                    "organisation": grant.organisation,
                }
                for grant in carried
            ],
        }


def _official(key: str, name: str, title: str, department: str, *grants: Grant, region: str = COUNTY) -> DemoPerson:
    return DemoPerson(key=key, name=name, title=title, department=department, region=region, grants=grants)


def _outsider(key: str, name: str, title: str, role: Role) -> DemoPerson:
    """Stands for every organisation of its kind in the county; ``acting_for`` narrows it to one."""
    grant = Grant(role, ANY, COUNTY, ANY, organisation=ANY)
    return DemoPerson(key=key, name=name, title=title, department="", grants=(grant,))


def _everywhere(*roles: Role, department: str = ANY, region: str = COUNTY) -> tuple[Grant, ...]:
    return tuple(Grant(role, department, region, ANY) for role in roles)


_PEOPLE = (
    _official("grid-officer", "章小满", "网格员", "political-legal", *_everywhere(Role.GRID_OFFICER)),
    _official(
        "grid-officer-town",
        "卢谷雨",
        "镇街网格员",
        "political-legal",
        *_everywhere(Role.GRID_OFFICER, region=TOWN),
        region=TOWN,
    ),
    _official("inspector", "程立夏", "执法检查员", "market-regulation", *_everywhere(Role.INSPECTOR)),
    _official("hotline-operator", "苏小暑", "12345 热线受理员", "hotline", *_everywhere(Role.HOTLINE_OPERATOR)),
    _official("mediator", "何处暑", "调解员", "market-regulation", *_everywhere(Role.MEDIATOR)),
    _official("licensing-officer", "沈白露", "许可审批员", "education", *_everywhere(Role.LICENSING_OFFICER)),
    _official(
        "licensing-officer-second", "夏清明", "许可审批员（复核）", "education", *_everywhere(Role.LICENSING_OFFICER)
    ),
    _official(
        "licensing-officer-culture",
        "顾秋分",
        "许可审批员（文体）",
        "culture-tourism-sport",
        *_everywhere(Role.LICENSING_OFFICER, department="culture-tourism-sport"),
    ),
    _official(
        "licensing-officer-science",
        "姜寒露",
        "许可审批员（科技）",
        "science",
        *_everywhere(Role.LICENSING_OFFICER, department="science"),
    ),
    _official("case-officer", "方霜降", "案件承办人", "market-regulation", *_everywhere(Role.CASE_OFFICER)),
    _official("legal-reviewer", "严立冬", "法制审核员", "market-regulation", *_everywhere(Role.LEGAL_REVIEWER)),
    _official("approver", "钱小雪", "分管领导（审批人）", "education", *_everywhere(Role.APPROVER)),
    _official(
        "approver-city",
        "孟惊蛰",
        "市级分管领导（上级同意）",
        "education",
        *_everywhere(Role.APPROVER, region=CITY),
        region=CITY,
    ),
    _official("fund-regulator", "宋大雪", "预收费资金监管员", "education", *_everywhere(Role.FUND_REGULATOR)),
    _official(
        "fund-regulator-second", "秦立春", "预收费资金监管员（复核）", "education", *_everywhere(Role.FUND_REGULATOR)
    ),
    _official("auditor", "冯冬至", "审计员", "audit", *_everywhere(Role.AUDITOR)),
    _official("administrator", "董小寒", "系统管理员", "education", *_everywhere(Role.ADMINISTRATOR)),
    DemoPerson(key=INSTALLER, name="安装程序", title="系统安装", department="", grants=()),
    _outsider("bank", "湖畔商业银行（演示）", "托管银行经办", Role.BANK),
    _outsider("institution", "演示培训机构", "机构经办", Role.INSTITUTION),
    _outsider("school", "演示学校", "学校联络员", Role.SCHOOL),
    _outsider("list-consumer", "演示平台", "名单使用单位经办", Role.LIST_CONSUMER),
    DemoPerson(
        key="service",
        name="明镜系统服务",
        title="系统服务",
        department="",
        region="",
        kind="service",
        grants=_everywhere(Role.SERVICE, region=ANY),
    ),
)

PEOPLE: Mapping[str, DemoPerson] = {person.key: person for person in _PEOPLE}
"""By what a script writes; the order is that of the sign-in page."""


_BANKS = ("湖畔商业银行", "武林城市商业银行", "浙澜农村商业银行")
"""Of the sample county; a bank's name is what stands on its accounts."""
_INSTITUTIONS = {
    "91330106MA00001B3D": "杭州西湖区木铎轩书画培训学校有限公司",
    "91330106MA00001M3P": "杭州千灯堂棋院培训有限公司",
}
"""Two of the sample county, by code: the system of one sees its own accounts and not the other's."""


def institution_of(uscc: str) -> str:
    """The organisation that an institution's grant names: its id, which follows from its code in every service."""
    return str(derived_id("institution", uscc))


_ACTING = (
    *(PEOPLE["bank"].acting_for(bank, f"{bank}（演示）") for bank in _BANKS),
    *(
        PEOPLE["institution"].acting_for(institution_of(uscc), f"{name}（演示）")
        for uscc, name in _INSTITUTIONS.items()
    ),
)
ACTING_PEOPLE: Mapping[str, DemoPerson] = {person.key: person for person in _ACTING}
"""Those who act for one organisation and have their grants from the first hour on, so that a developer can try what a
bank's or an institution's system calls: ``client_id`` ``bank``, ``organisation`` ``湖畔商业银行``.
"""
