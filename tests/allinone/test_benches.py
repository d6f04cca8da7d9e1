"""The benches are no part of the product, so nothing else would notice that one no longer starts."""

from __future__ import annotations

import importlib

import pytest

from conftest import Databases
from mingjing.bench import running
from mingjing_kernel.service.migrating import migrate
from mingjing_registry.service import SERVICE as REGISTRY


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(running.folder()))


@pytest.mark.parametrize("name", running.names())
def test_a_bench_can_be_run_and_says_what_it_is(name: str) -> None:
    module = importlib.import_module(running.module_of(name))
    assert name == module.NAME
    assert module.__doc__
    assert callable(module.run)


@pytest.mark.parametrize("service", ["teller", "hearer"])
async def test_the_services_of_the_benches_can_be_composed(service: str) -> None:
    balances = importlib.import_module("balances")
    host = balances.hosted(
        getattr(balances, service)(), "postgresql://nobody@127.0.0.1:1/none", "nats://127.0.0.1:1", set()
    )
    assert host.service.read_models


async def test_a_small_nation_is_filled_and_asked(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    nation, scale = importlib.import_module("nation"), importlib.import_module("registry_scale")
    monkeypatch.setattr(scale, "TIMES_MIN", 1)
    url = databases.fresh()
    try:
        await migrate(REGISTRY, url, say=lambda _: None)
        known = await nation.fill(url, 24)
        assert await nation.staff(url, known) == 400
        await nation.settle(url)
        figure = await scale.measured(url, known, 400, 0.0)
    finally:
        databases.drop(url)
    assert (figure.details["institutions"], figure.details["staff"]) == (24, 400)
    assert figure.details["worst"] in figure.details
