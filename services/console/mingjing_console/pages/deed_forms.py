"""What may be done now: a form for each act that the service lets the visitor do, and its own words for the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from htpy import (
    Element,
    Node,
    VoidElement,
    b,
    button,
    details,
    div,
    fieldset,
    form,
    h2,
    input,
    label,
    legend,
    li,
    option,
    p,
    section,
    select,
    small,
    strong,
    summary,
    textarea,
    ul,
)

from mingjing_console.acting import KEY
from mingjing_console.asking import Asked
from mingjing_console.deeds import Deed
from mingjing_console.gateway import Answer
from mingjing_console.nouns import NOUNS
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day
from mingjing_kernel.identifiers import new_id

LENGTH_MAX = 4_000
TABLE_LENGTH_MAX = 40_000
_HTML = {"number": "number", "date": "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """How a form stands: what is in its fields, and which of them is wrong for what reason (Chinese and English)."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, tuple[str, str]] = field(default_factory=dict)


EMPTY = Filled()


def available(
    noun: str,
    id: str | UUID,
    answer: Answer,
    recorded: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    asking_of: Mapping[str, Deed] | None = None,
) -> Node:
    """The acts of one thing, for whoever looks. ``recorded``: by act, what its form begins with; ``asking_of``: by act,
    a form with choices that this page alone knows.
    """
    title = h2[both("可办事项", "What you may do now")]
    if not answer.is_there:
        return section[title, trouble(answer)]
    deeds, begin = {**NOUNS[noun].deeds, **(asking_of or {})}, recorded or {}
    known = [one for one in answer.body["actions"] if one["act"] in deeds]
    may = [one for one in known if one["available"]]
    not_now = [one for one in known if not one["available"]]
    other = [one for one in answer.body["actions"] if one["available"] and one["act"] not in deeds]
    return section(".acts")[
        title,
        [_may(noun, id, one, deeds[one["act"]], begin.get(one["act"], {})) for one in may]
        or p(".soft")["目前没有可办的事项。 Nothing at present."],
        p(".soft")["另可通过接口办理 By the interface only: ", "、".join(f"{one['zh']} {one['en']}" for one in other)]
        if other
        else None,
        details[summary[both("为何不能办理其他事项", "Why not the others")], ul[(_why_not(one) for one in not_now)]]
        if not_now
        else None,
    ]


def deed_form(
    noun: str, id: str | UUID, act: str, deed: Deed, words: tuple[str, str], filled: Filled = EMPTY
) -> Element:
    """The form of one act."""
    return sent_to(f"/acts/{noun}/{id}/{act}", deed, words, filled)


def sent_to(action: str, deed: Deed, words: tuple[str, str], filled: Filled = EMPTY) -> Element:
    """A form with the fields of a deed, numbered so that sending it twice is doing it once."""
    groups = [(heading, tuple(asks)) for heading, asks in groupby(deed.asks, key=lambda one: one.group)]
    return form(method="post", action=action)[
        input(type="hidden", name=KEY, value=filled.typed.get(KEY) or str(new_id())),
        [_group(heading, asks, filled) for heading, asks in groups],
        button(type="submit")[both(*words)],
    ]


def _group(heading: tuple[str, str], asks: Sequence[Asked], filled: Filled) -> Node:
    fields = div(".fields")[(asking(one, filled) for one in asks)]
    return fieldset[legend[both(*heading)], fields] if heading[0] else fields


def asking(one: Asked, filled: Filled = EMPTY) -> Element | VoidElement:
    """One field with its words above it, and what is wrong with it below."""
    words, typed = both(one.zh, one.en), filled.typed.get(one.name, "")
    wrong, invalid = _wrong(filled.wrong.get(one.name)), "true" if one.name in filled.wrong else None
    match one.kind:
        case "hidden":
            return input(type="hidden", name=one.name, value=typed)
        case "several":
            return fieldset(".several")[legend[words], _boxes(one, filled), wrong]
        case "long" | "lines" | "table":
            return _long(one, filled)
        case "yes" | "one-of":
            empty = option(value="")["请选择 Choose"]
            shown = (
                option(value=key, selected=key == typed)[f"{said[0]} {said[1]}"] for key, said in one.words.items()
            )
            return label[words, select(name=one.name, required=one.required, aria_invalid=invalid)[empty, shown], wrong]
        case _:
            return label[
                words,
                input(
                    name=one.name,
                    type=_HTML.get(one.kind, "text"),
                    inputmode="decimal" if one.kind == "yuan" else None,
                    value=typed,
                    maxlength="500",
                    required=one.required,
                    aria_invalid=invalid,
                ),
                wrong,
            ]


def _long(one: Asked, filled: Filled) -> Element:
    is_table, is_wrong = one.kind == "table", one.name in filled.wrong
    return label(class_="whole" if is_table else None)[
        both(one.zh, one.en),
        _how(one),
        textarea(
            name=one.name,
            rows="3",
            maxlength=str(TABLE_LENGTH_MAX if is_table else LENGTH_MAX),
            required=one.required,
            aria_invalid="true" if is_wrong else None,
        )[filled.typed.get(one.name, "")],
        _wrong(filled.wrong.get(one.name)),
    ]


def _boxes(one: Asked, filled: Filled) -> list[Element]:
    """One for each word; where the words were made with the page, for each that was ticked there."""
    words = one.words or {key: (key, "") for key in one.ticked(filled.typed)}
    return [_box(one, key, said, filled) for key, said in words.items()]


def _box(one: Asked, key: str, said: tuple[str, str], filled: Filled) -> Element:
    name = one.box(key)
    return label(".check")[
        input(type="checkbox", name=name, value="true", checked=filled.typed.get(name) == "true"), both(*said)
    ]


def _how(one: Asked) -> Node:
    """How a table is typed: one line each, its columns in this order."""
    if one.kind != "table":
        return None
    columns = " | ".join(cell.zh if cell.required else f"{cell.zh}（可不填）" for cell in one.cells)
    return small[f"每行一条：{columns}"]


def _wrong(words: tuple[str, str] | None) -> Node:
    return strong(".bad")[words[0], " ", small(lang="en")[words[1]]] if words else None


def refusal(words: tuple[str, str]) -> Node:
    """Why something was not carried out, in both languages."""
    if not words[0]:
        return None
    return section(".card.bad", role="alert")[p[b[words[0]], " ", small(lang="en")[words[1]]]]


def beside(answer: Answer, asks: Iterable[Asked]) -> dict[str, tuple[str, str]]:
    """A service's refusal, put to the fields that it is about."""
    said = answer.body if isinstance(answer.body, dict) else {}
    faults = [*(said.get("errors") or ()), said]
    names = [one.name for one in asks]
    found: dict[str, tuple[str, str]] = {}
    for fault in faults:
        about = str(fault.get("field") or "").removeprefix("body.").removeprefix("path.")
        for name in names:
            if about and (about == name or about.startswith(f"{name}.") or name.rpartition(".")[2] == about):
                found.setdefault(name, (str(fault.get("detail", "")), str(fault.get("detail_en", ""))))
    return found


def _may(noun: str, id: str | UUID, one: Mapping[str, Any], deed: Deed, recorded: Mapping[str, Any]) -> Element:
    filled = Filled(typed=deed.typed(recorded))
    return details[
        summary[both(one["zh"], one["en"]), due(one)], deed_form(noun, id, one["act"], deed, _name(one), filled)
    ]


def due(one: Mapping[str, Any]) -> Node:
    """By when the law wants it done, where a clock waits for it."""
    if not one.get("due_on"):
        return None
    by = day(one.get("due_at") or one["due_on"])
    if one["is_overdue"]:
        return strong(".bad")[f" 已逾期，应于 {by} 前办理 Overdue: due by {by}"]
    return small[f" 应于 {by} 前办理 Due by {by}"]


def _why_not(one: Mapping[str, Any]) -> Element:
    why = one["why_not"] or {}
    zh = " ".join(filter(None, (why.get("detail", ""), why.get("remedy", ""))))
    en = " ".join(filter(None, (why.get("detail_en", ""), why.get("remedy_en", ""))))
    return li[b[one["zh"]], "：", zh, " ", small(lang="en")[f"{_name(one)[1]}: {en}"]]


def _name(one: Mapping[str, Any]) -> tuple[str, str]:
    return one["zh"], str(one["en"]).capitalize()
