"""Roles (角色): what a person may be in this system, with the name that the screen shows."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """One role; its value is what stands in a token."""

    GRID_OFFICER = "grid-officer"
    INSPECTOR = "inspector"
    HOTLINE_OPERATOR = "hotline-operator"
    MEDIATOR = "mediator"
    CASE_OFFICER = "case-officer"
    LEGAL_REVIEWER = "legal-reviewer"
    APPROVER = "approver"
    FUND_REGULATOR = "fund-regulator"
    LICENSING_OFFICER = "licensing-officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    DISCIPLINE_OFFICER = "discipline-officer"
    """Of education discipline: sees the restricted leads about school teachers, and by this role nothing else."""
    BANK = "bank"
    INSTITUTION = "institution"
    SCHOOL = "school"
    LIST_CONSUMER = "list-consumer"
    """A platform or department that acts on the published lists, and acknowledges them for itself."""
    PUBLIC = "public"
    SERVICE = "service"
    """Another Mingjing service that reads our log to close a gap; never a person."""

    @property
    def zh(self) -> str:
        """The Chinese name of the role."""
        return _CHINESE[self]

    @property
    def en(self) -> str:
        """The English name of the role."""
        return self.value.replace("-", " ")


_CHINESE = {
    Role.GRID_OFFICER: "网格员",
    Role.INSPECTOR: "执法检查员",
    Role.HOTLINE_OPERATOR: "热线受理员",
    Role.MEDIATOR: "调解员",
    Role.CASE_OFFICER: "案件承办人",
    Role.LEGAL_REVIEWER: "法制审核员",
    Role.APPROVER: "审批人",
    Role.FUND_REGULATOR: "资金监管员",
    Role.LICENSING_OFFICER: "许可审批员",
    Role.AUDITOR: "审计员",
    Role.ADMINISTRATOR: "系统管理员",
    Role.DISCIPLINE_OFFICER: "教育纪检人员",
    Role.BANK: "托管银行",
    Role.INSTITUTION: "培训机构",
    Role.SCHOOL: "学校",
    Role.LIST_CONSUMER: "名单使用单位",
    Role.PUBLIC: "社会公众",
    Role.SERVICE: "系统服务",
}

OUTSIDERS = frozenset({Role.BANK, Role.INSTITUTION, Role.SCHOOL, Role.LIST_CONSUMER})
"""Act for one organisation, and see what that organisation holds and nothing else."""

OFFICIALS = frozenset(Role) - OUTSIDERS - {Role.DISCIPLINE_OFFICER, Role.PUBLIC, Role.SERVICE}
"""Who works for an authority; whoever looks into teachers' conduct is let see that and nothing besides."""

EVERYONE = frozenset(Role)
"""Any role, the public too: for what is published by law."""
