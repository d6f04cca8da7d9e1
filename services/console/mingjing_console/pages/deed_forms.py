"""What may be done now: a form for each act that the service lets the visitor do, and its own words for the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from htpy import (
    Element,
    Node,
    b,
    button,
    details,
    div,
    form,
    h2,
    input,
    label,
    li,
    option,
    p,
    section,
    select,
    small,
    summary,
    textarea,
    ul,
)

from mingjing_console.acting import KEY
from mingjing_console.deeds import NOUNS, Asked, Deed
from mingjing_console.gateway import Answer
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both
from mingjing_kernel.identifiers import new_id

LENGTH_MAX = 4_000


def available(noun: str, id: str | UUID, answer: Answer) -> Node:
    """The acts of one thing, for whoever looks."""
    title = h2[both("可办事项", "What you may do now")]
    if not answer.is_there:
        return section[title, trouble(answer)]
    deeds = NOUNS[noun].deeds
    known = [one for one in answer.body["actions"] if one["act"] in deeds]
    may = [one for one in known if one["available"]]
    not_now = [one for one in known if not one["available"]]
    other = [one for one in answer.body["actions"] if one["available"] and one["act"] not in deeds]
    return section(".acts")[
        title,
        [
            details[summary[both(one["zh"], one["en"])], deed_form(noun, id, one["act"], deeds[one["act"]], _name(one))]
            for one in may
        ]
        or p(".soft")["目前没有可办的事项。 Nothing at present."],
        p(".soft")["另可通过接口办理 By the interface only: ", "、".join(f"{one['zh']} {one['en']}" for one in other)]
        if other
        else None,
        details[summary[both("为何不能办理其他事项", "Why not the others")], ul[(_why_not(one) for one in not_now)]]
        if not_now
        else None,
    ]


def deed_form(
    noun: str, id: str | UUID, act: str, deed: Deed, words: tuple[str, str], typed: Mapping[str, str] | None = None
) -> Element:
    """The form of one act; ``typed`` is what stood in it when it was refused."""
    return form(method="post", action=f"/acts/{noun}/{id}/{act}")[
        input(type="hidden", name=KEY, value=(typed or {}).get(KEY) or str(new_id())),
        div(".fields")[(asking(one, (typed or {}).get(one.name, "")) for one in deed.asks)] if deed.asks else None,
        button(type="submit")[both(*words)],
    ]


def asking(one: Asked, typed: str = "") -> Element:
    """One field with its words above it."""
    words = both(one.zh, one.en)
    match one.kind:
        case "long":
            return label[
                words, textarea(name=one.name, rows="3", maxlength=str(LENGTH_MAX), required=one.required)[typed]
            ]
        case "yes" | "one-of":
            empty = option(value="")["请选择 Choose"]
            shown = (
                option(value=key, selected=key == typed)[f"{said[0]} {said[1]}"] for key, said in one.words.items()
            )
            return label[words, select(name=one.name, required=one.required)[empty, shown]]
        case _:
            return label[
                words,
                input(name=one.name, type=one.kind, value=typed, maxlength="500", required=one.required),
            ]


def refusal(words: tuple[str, str]) -> Node:
    """Why something was not carried out, in both languages."""
    if not words[0]:
        return None
    return section(".card.bad", role="alert")[p[b[words[0]], " ", small(lang="en")[words[1]]]]


def _why_not(one: Mapping[str, Any]) -> Element:
    why = one["why_not"] or {}
    zh = " ".join(filter(None, (why.get("detail", ""), why.get("remedy", ""))))
    en = " ".join(filter(None, (why.get("detail_en", ""), why.get("remedy_en", ""))))
    return li[b[one["zh"]], "：", zh, " ", small(lang="en")[f"{_name(one)[1]}: {en}"]]


def _name(one: Mapping[str, Any]) -> tuple[str, str]:
    return one["zh"], str(one["en"]).capitalize()
