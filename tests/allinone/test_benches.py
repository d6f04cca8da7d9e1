"""The benches are no part of the product, so nothing else would notice that one no longer starts."""

from __future__ import annotations

import importlib

import pytest

from mingjing.bench import running


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
