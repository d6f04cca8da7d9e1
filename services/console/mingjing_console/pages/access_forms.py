"""Forms of the access page: without a script, opened by a tap, usable with a thumb.

One rule: a form asks for a reason and never fills it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from htpy import Node, button, details, div, form, input, label, option, select, summary

from mingjing_console.pages.shell import both
from mingjing_console.words import CATEGORY, DEPARTMENT, ROLE, Words
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import new_id

NOT_GIVEN = frozenset({"public", "service"})
"""Roles of nobody whom one meets."""
REASON_MAX = 1_000


def give_form(now: datetime) -> Node:
    """A grant for somebody."""
    return details(".card")[
        summary[both("授权", "Give a grant")],
        form(method="post", action="/access/give")[
            hidden({"grant_id": str(new_id())}),
            div(".fields")[
                field("身份标识", "Subject of the sign-in", "person", required=True),
                field("姓名", "Name", "name", required=True),
                choice("角色", "Role", "role", {key: words for key, words in ROLE.items() if key not in NOT_GIVEN}),
                *_reach_fields("330106"),
                *_dates(now, required=False),
                field("理由", "Reason", "reason", required=True),
                field("依据文号", "Basis", "legal_basis", required=True),
            ],
            button(type="submit")[both("授权", "Give")],
        ],
    ]


def delegate_form(held: Mapping[str, Any], now: datetime) -> Node:
    """A part of one's own grant for somebody else, with an end."""
    own = {"grant_id": held["grant_id"], "delegation_id": str(new_id())}
    kept = {"role": held["role"], "organisation": held["organisation"]}
    return details[
        summary[both("转授", "Delegate")],
        form(method="post", action="/access/delegate")[
            hidden({**own, **kept}),
            div(".fields")[
                field("身份标识", "Subject of the sign-in", "person", required=True),
                field("姓名", "Name", "name"),
                field("部门", "Department", "department", value=held["department"], required=True),
                field("区划", "Region", "region", value=held["region"], required=True),
                field("类别", "Category", "category", value=held["category"], required=True),
                *_dates(now, required=True),
                field("理由", "Reason", "reason", required=True),
            ],
            button(type="submit")[both("转授", "Delegate")],
        ],
    ]


def substitute_form(person: str, now: datetime) -> Node:
    """Somebody who acts for me while I am away."""
    return details[
        summary[both("登记代理人", "Name a substitute")],
        form(method="post", action="/access/substitute")[
            hidden({"substitution_id": str(new_id()), "person": person}),
            div(".fields")[
                field("代理人身份标识", "Subject of the substitute", "substitute", required=True),
                *_dates(now, required=True),
                field("理由", "Reason", "reason", required=True),
            ],
            button(type="submit")[both("登记", "Record")],
        ],
    ]


def reason_form(action: str, about: Mapping[str, str], words: tuple[str, str]) -> Node:
    """One step that needs nothing but its reason."""
    return details[
        summary[both(*words)],
        form(".row", method="post", action=action)[
            hidden({**about, "id": str(new_id())}),
            input(name="reason", maxlength=str(REASON_MAX), required=True, placeholder="理由 Reason"),
            button(type="submit")[both(*words)],
        ],
    ]


def hidden(values: Mapping[str, str | UUID]) -> Node:
    """What the person does not type."""
    return [input(type="hidden", name=name, value=str(value)) for name, value in values.items()]


def field(zh: str, en: str, name: str, *, value: str = "", kind: str = "text", required: bool = False) -> Node:
    """One line with its words above it."""
    return label[both(zh, en), input(name=name, type=kind, value=value, maxlength="200", required=required)]


def choice(zh: str, en: str, name: str, words: Words | Mapping[str, tuple[str, str]]) -> Node:
    """One of several."""
    shown = (option(value=key)[f"{one[0]} {one[1]}"] for key, one in words.items())
    return label[both(zh, en), select(name=name)[shown]]


def _reach_fields(region: str) -> list[Node]:
    anything = {"*": ("全部", "Any")}
    return [
        choice("部门", "Department", "department", {**anything, **DEPARTMENT}),
        field("区划代码", "Region, first digits", "region", value=region, required=True),
        choice("类别", "Category", "category", {**anything, **CATEGORY}),
        field("单位", "Organisation of an outsider", "organisation"),
    ]


def _dates(now: datetime, *, required: bool) -> list[Node]:
    today = shanghai_date(now)
    week = (today + timedelta(days=7)).isoformat()
    until = field("截止日", "Last day", "valid_until", value=week if required else "", kind="date", required=required)
    return [field("起始日", "First day", "valid_from", value=today.isoformat(), kind="date"), until]
