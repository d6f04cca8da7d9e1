"""Who may act is decided by declared acts.

One rule: a service never refuses for want of a grant by its own hand; it asks the scope for an act, which says what is
missing.
"""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from architecture.source import CLONE, modules, place, tree
from mingjing_kernel.identity import Act
from mingjing_kernel.log import Aggregate

SERVICES = ("registry", "inspection", "funds", "console")
REFUSALS = frozenset({"OutsideScope", "GrantMissing", "OtherPersonMust", "RolesConflict"})


def of_services() -> list[Path]:
    return [path for path in modules() if "services" in path.relative_to(CLONE).parts]


def declared(service: str) -> list[Act]:
    """All of a service, also where they stand in several files."""
    package = Path(str(importlib.import_module(f"mingjing_{service}").__file__)).parent
    names = sorted(path.stem for path in package.glob("acts*.py"))
    found = {
        id(one): one
        for name in names
        for one in vars(importlib.import_module(f"mingjing_{service}.{name}")).values()
        if isinstance(one, Act)
    }
    return list(found.values())


def test_no_service_refuses_for_want_of_a_grant_by_its_own_hand() -> None:
    found = [
        place(path, node)
        for path in of_services()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.Attribute)
        and (node.id if isinstance(node, ast.Name) else node.attr) in REFUSALS
    ]
    assert found == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_declared_act_is_asked_for_somewhere(service: str) -> None:
    acts = importlib.import_module(f"mingjing_{service}.acts")
    names = {name for name, one in vars(acts).items() if isinstance(one, Act)}
    used = {
        node.id if isinstance(node, ast.Name) else node.attr
        for path in of_services()
        if path != Path(str(acts.__file__)) and f"mingjing_{service}" in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.Attribute)
    }
    # A visit of a task is filed with the visit; the task's own address does not exist.
    assert names - used <= {"SUBMIT_TASK"}


@pytest.mark.parametrize("service", SERVICES)
def test_titles_are_in_two_languages_and_a_name_is_one_act(service: str) -> None:
    acts = declared(service)
    assert len({act.name for act in acts}) == len(acts)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in act.zh) and act.en.isascii() for act in acts)
    assert all(act.roles for act in acts)


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_kept_apart_is_carried_by_the_aggregate_that_has_its_facts(service: str) -> None:
    codec = vars(importlib.import_module(f"mingjing_{service}.codec")).values()
    carried = {act for one in codec if isinstance(one, Aggregate) for act in one.acts}
    others = {name for act in declared(service) for name in act.apart_from}
    for act in declared(service):
        if act.apart_from or act.name in others:
            assert act in carried
            assert act.leaves
