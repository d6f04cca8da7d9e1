"""Whom an account belongs to (姓名): officials are shown by name where the console knows it, whatever service said it.

One rule: only what is shown is put into words; what a form sends back and what is exported keeps the account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mingjing_console.gateway import Answer
from mingjing_console.projections.people import names_of
from mingjing_kernel.http import Kit

ACCOUNTS_MAX = 500
"""On one page; who is beyond is shown by her account."""
_NESTED_MAX = 6


async def called(kit: Kit, answer: Answer, *fields: str) -> Answer:
    """The same answer with names in these fields, however deep they lie."""
    if not answer.is_there:
        return answer
    accounts = list(dict.fromkeys(_accounts(answer.body, fields, _NESTED_MAX)))[:ACCOUNTS_MAX]
    if not accounts:
        return answer
    async with kit.connection() as connection:
        rows = await connection.execute(names_of(accounts))
        names = {row.person: row.name for row in rows}
    return replace(answer, body=_named(answer.body, fields, names, _NESTED_MAX))


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
