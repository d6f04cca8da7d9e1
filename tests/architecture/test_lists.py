"""Every list of a service answers for the past, too.

One rule: whoever takes a page (``Asked``) takes ``as_of``; a list that forgot it would show today for yesterday.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from architecture.source import CLONE, modules, place, tree

Function = ast.FunctionDef | ast.AsyncFunctionDef


def types_of(function: Function) -> set[str]:
    """The names in the annotations of its arguments."""
    arguments = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return {
        node.id
        for one in arguments
        if one.annotation is not None
        for node in ast.walk(one.annotation)
        if isinstance(node, ast.Name)
    }


def lists(node: ast.AST) -> Iterator[Function]:
    """The functions that answer with a page."""
    for one in ast.walk(node):
        if isinstance(one, Function) and "Asked" in types_of(one):
            yield one


def test_every_list_answers_as_of() -> None:
    found = [
        (place(path, function), "AsOf" in types_of(function))
        for path in modules("api")
        if "services" in path.relative_to(CLONE).parts
        for function in lists(tree(path))
    ]
    assert len(found) > 20
    assert [where for where, answers in found if not answers] == []


def test_the_sieve_catches_what_it_should() -> None:
    code = """
async def forgot(asked: Asked = Depends(asked)): ...
async def answers(asked: Asked = Depends(asked), as_of: AsOf | None = Depends(kit.as_of)): ...
async def no_list(as_of: AsOf | None = None): ...
"""
    assert {one.name: "AsOf" in types_of(one) for one in lists(ast.parse(code))} == {"forgot": False, "answers": True}
