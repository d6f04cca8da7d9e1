"""Access (权限): what I may do; and for those who administer, who may do what, with buttons to give and to take.

One rule: the page decides nothing. A button is shown where it may be of use; whether it is allowed, the service says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from htpy import Node, b, button, details, div, form, h2, input, li, p, section, small, summary, ul

from mingjing_console.gateway import Answer
from mingjing_console.pages.access_forms import delegate_form, give_form, reason_form, substitute_form
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import CATEGORY, DEPARTMENT, MANNER, ROLE, en, zh

TITLE = ("权限", "Access")
ADMINISTERS = "administrator"
READS = frozenset({"administrator", "auditor"})
PEOPLE_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the console's own service said, to one visitor."""

    me: Answer
    people: Answer
    grants: Answer
    substitutions: Answer


def access(seen: Seen, now: datetime, refused: tuple[str, str] = ("", ""), who: str = "") -> Node:
    """My own access first; then everybody's, as far as the visitor administers or audits.

    ``who`` is what was searched for: a part of a name, a sign-in or a role.
    """
    if not seen.me.is_there:
        return trouble(seen.me)
    me = seen.me.body
    roles = {grant["role"] for grant in me["grants"]}
    return [
        section(".card.bad", role="alert")[p[b[refused[0]], " ", small(lang="en")[refused[1]]]] if refused[0] else None,
        _mine(me, now),
        give_form(now) if ADMINISTERS in roles else None,
        _everybody(seen, now, who, may_change=ADMINISTERS in roles) if roles & READS else None,
        _substitutions(seen.substitutions, now, may_change=ADMINISTERS in roles) if roles & READS else None,
    ]


def _mine(me: Mapping[str, Any], now: datetime) -> Node:
    held = [
        li(".card")[
            _terms(one),
            div[small[_period(one)]],
            delegate_form(one, now) if one["manner"] != "delegated" and one["role"] not in READS else None,
        ]
        for one in me["held"]
    ]
    for_whom = "、".join(me["may_act_for"])
    return section[
        h2[both("我的权限", "My access")],
        ul(".plain")[held] if held else p(".soft")["没有授权。 No grants."],
        p[f"可代理 {for_whom}。", small(lang="en")[" You may act for them."]] if for_whom else None,
        substitute_form(me["person"], now) if held else None,
    ]


def _everybody(seen: Seen, now: datetime, who: str, *, may_change: bool) -> Node:
    title = h2[both("人员与授权", "People and grants")]
    if not (seen.people.is_there and seen.grants.is_there):
        return section[title, trouble(seen.grants if seen.people.is_there else seen.people)]
    by_person: dict[str, list[Mapping[str, Any]]] = {}
    for grant in seen.grants.items:
        by_person.setdefault(grant["person"], []).append(grant)
    names = {one["person"]: one["name"] for one in seen.people.items}
    known = [*seen.people.items, *(_unnamed(person) for person in by_person if person not in names)]
    found = [one for one in known if _is_meant(one, by_person.get(one["person"], []), who)]
    shown = [
        _person(one, by_person.get(one["person"], []), names, now, may_change=may_change)
        for one in found[:PEOPLE_SHOWN_MAX]
    ]
    is_cut = len(found) > len(shown) or seen.people.body["next"] or seen.grants.body["next"]
    return section[
        title,
        _search(who),
        p(".soft")[f"{len(found)} 人 people"],
        ul(".plain.people")[shown] if shown else p(".soft")["没有。 None."],
        p(".soft")["还有更多，请缩小查询或用接口导出。 There are more: search closer, or export."] if is_cut else None,
    ]


def _search(who: str) -> Node:
    words = "姓名、身份标识或角色 Name, sign-in or role"
    return form(".search", method="get", action="/access")[
        input(name="who", value=who, placeholder=words, aria_label=words, maxlength="100"),
        button(type="submit")[both("查询", "Search")],
    ]


def _is_meant(one: Mapping[str, Any], grants: Sequence[Mapping[str, Any]], who: str) -> bool:
    texts = [one["name"], one["person"], zh(DEPARTMENT, one["department"])]
    texts += [text for grant in grants for text in (grant["role"], zh(ROLE, grant["role"]))]
    return any(who.casefold() in text.casefold() for text in texts)


def _unnamed(person: str) -> Mapping[str, Any]:
    return {"person": person, "name": "", "department": "", "region": "", "is_locked": False, "locked_until": None}


def _person(
    one: Mapping[str, Any],
    grants: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    now: datetime,
    *,
    may_change: bool,
) -> Node:
    department = "" if one["department"] == "*" else zh(DEPARTMENT, one["department"])
    where = " · ".join(filter(None, (department, one["region"])))
    locked = tag("bad", "已锁定", "Locked") if one["is_locked"] else None
    live = [grant for grant in grants if _state(grant, now) in ("now", "later")]
    return li[
        div(".row")[b[one["name"] or one["person"]], locked, small[where]],
        (div[_terms(grant), " ", small[_period(grant)], " ", _state_tag(_state(grant, now))] for grant in live),
        p(".soft")["目前没有授权。 No grant at present."] if not live else None,
        details[
            summary[both("来由", "Where from"), f" {len(grants)}"],
            ul(".plain")[(_grant(grant, names, now) for grant in grants)],
        ]
        if grants
        else None,
        details[summary[both("办理", "Change")], _changes(one, live)] if may_change else None,
    ]


def _changes(one: Mapping[str, Any], live: Sequence[Mapping[str, Any]]) -> Node:
    """What an administrator may do to a person, each with its reason."""
    takings = (
        reason_form("/access/take", {"grant_id": grant["grant_id"]}, (f"收回{zh(ROLE, grant['role'])}", "Take back"))
        for grant in live
    )
    about = {"person": one["person"]}
    if one["is_locked"]:
        return [takings, reason_form("/access/unlock", about, ("解锁", "Unlock"))]
    ending = reason_form("/access/end-sign-ins", about, ("结束登录", "End sign-ins"))
    return [takings, ending, reason_form("/access/lock", about, ("锁定", "Lock"))]


def _grant(grant: Mapping[str, Any], names: Mapping[str, str], now: datetime) -> Node:
    by = names.get(grant["given_by"]) or grant["given_by"]
    taken = grant["taken_at"]
    return li[
        _terms(grant),
        " ",
        _state_tag(_state(grant, now)),
        div[small[f"{_period(grant)} · {zh(MANNER, grant['manner'])} {by} · {grant['reason']} {grant['legal_basis']}"]],
        div[small[f"{day(taken)} {names.get(grant['taken_by']) or grant['taken_by']}：{grant['taken_reason']}"]]
        if taken
        else None,
    ]


def _substitutions(answer: Answer, now: datetime, *, may_change: bool) -> Node:
    title = h2[both("代理", "Substitutes")]
    if not answer.is_there:
        return section[title, trouble(answer)]
    shown = [
        li(".card")[
            div(".row")[b[f"{one['substitute']} → {one['person']}"], _state_tag(_state_of_lending(one, now))],
            small[f"{_period(one)} · {one['reason']}"],
            reason_form("/access/dismiss", {"substitution_id": one["substitution_id"]}, ("终止代理", "Dismiss"))
            if may_change and not one["dismissed_at"]
            else None,
        ]
        for one in answer.items
    ]
    return section[title, ul(".plain")[shown] if shown else p(".soft")["没有。 None."]]


def _terms(grant: Mapping[str, Any]) -> Node:
    role = grant["role"]
    reach = " · ".join(_reach(grant))
    return [b[zh(ROLE, role)], " ", small(lang="en")[en(ROLE, role)], " ", reach]


def _reach(grant: Mapping[str, Any]) -> Iterable[str]:
    yield "各部门" if grant["department"] == "*" else zh(DEPARTMENT, grant["department"])
    yield "各区划" if grant["region"] == "*" else grant["region"]
    if grant["category"] != "*":
        yield zh(CATEGORY, grant["category"])
    if grant["organisation"]:
        yield "各单位" if grant["organisation"] == "*" else grant["organisation"]


def _period(grant: Mapping[str, Any]) -> str:
    until = day(grant["valid_until"]) if grant["valid_until"] else "长期 open"
    return f"{day(grant['valid_from'])} — {until}"


def _state(grant: Mapping[str, Any], now: datetime) -> str:
    if grant["taken_at"]:
        return "taken"
    return _when(grant, now)


def _state_of_lending(one: Mapping[str, Any], now: datetime) -> str:
    return "taken" if one["dismissed_at"] else _when(one, now)


def _when(one: Mapping[str, Any], now: datetime) -> str:
    if datetime.fromisoformat(one["valid_from"]) > now:
        return "later"
    return "over" if one["valid_until"] and datetime.fromisoformat(one["valid_until"]) <= now else "now"


def _state_tag(state: str) -> Node:
    match state:
        case "now":
            return tag("good", "生效", "In force")
        case "later":
            return tag("", "未到期", "Not yet")
        case "over":
            return tag("warn", "已届满", "Over")
        case _:
            return tag("bad", "已收回", "Taken back")
