"""Whom an account belongs to (姓名): officials are shown by name where the console knows it, whatever service said it.

One rule: only what is shown is put into words; what a form sends back and what is exported keeps the account. Where the
same page asks for an account, it stands behind the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from mingjing_console.gateway import Answer
from mingjing_console.projections.people import accounts_of, names_of
from mingjing_kernel.http import Kit

ACCOUNTS_MAX = 500
"""On one page; who is beyond is shown by her account."""
NAMESAKES_MAX = 5
_NESTED_MAX = 6
_BEHIND_A_NAME = re.compile(r"[（(]([^（()）]+)[)）]$")


async def called(kit: Kit, answer: Answer, *fields: str) -> Answer:
    """The same answer with names in these fields, however deep they lie."""
    return (await all_called(kit, [answer], *fields))[0]


async def all_called(kit: Kit, answers: Sequence[Answer], *fields: str, with_account: bool = False) -> list[Answer]:
    """The same of all answers of a page; whom they name is asked once."""
    bodies = [one.body for one in answers if one.is_there]
    accounts = list(dict.fromkeys(_accounts(bodies, fields, _NESTED_MAX + 1)))[:ACCOUNTS_MAX]
    if not accounts:
        return list(answers)
    async with kit.connection() as connection:
        rows = await connection.execute(names_of(accounts))
        names = {row.person: f"{row.name}（{row.person}）" if with_account else row.name for row in rows}
    return [replace(one, body=_named(one.body, fields, names, _NESTED_MAX)) if one.is_there else one for one in answers]


async def meant(kit: Kit, said: str) -> list[str]:
    """The accounts that are meant by what somebody read on a page and typed: an account, a name, or both."""
    if not said:
        return []
    async with kit.connection() as connection:
        found = list((await connection.scalars(accounts_of(said, NAMESAKES_MAX))).all())
    if said in found:
        return [said]
    behind = _BEHIND_A_NAME.search(said)
    return found or [behind[1].strip() if behind else said]


def _accounts(said: Any, fields: tuple[str, ...], depth: int) -> Iterator[str]:
    if depth and isinstance(said, dict):
        for name, value in said.items():
            several = value if isinstance(value, list) else [value]
            if name in fields:
                yield from (one for one in several if isinstance(one, str) and one)
            yield from _accounts(value, fields, depth - 1)
    elif depth and isinstance(said, list):
        for one in said:
            yield from _accounts(one, fields, depth - 1)


def _named(said: Any, fields: tuple[str, ...], names: dict[str, str], depth: int) -> Any:
    if depth and isinstance(said, dict):
        return {
            name: _name(value, names) if name in fields else _named(value, fields, names, depth - 1)
            for name, value in said.items()
        }
    return [_named(one, fields, names, depth - 1) for one in said] if depth and isinstance(said, list) else said


def _name(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_name(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value
