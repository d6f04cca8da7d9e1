"""What FastStream does before it has spoken to any server: the upgrade alarm, continued.

The numbers go on with those of ``test_broker_assumptions.py``; the same rules hold.
"""

from __future__ import annotations

import ast
import contextlib
import warnings
from pathlib import Path
from typing import Any

import pytest
from faststream import AckPolicy
from faststream.exceptions import NackMessage
from faststream.nats import JStream, NatsBroker, NatsRouter, PullSub, TestNatsBroker
from faststream.specification import AsyncAPI

import mingjing_kernel
from mingjing_kernel.broker.broker import make_broker, strict_warnings
from mingjing_kernel.broker.topology import Durable

STREAM, SUBJECT = "A", "a.b"
KERNEL = Path(str(mingjing_kernel.__file__)).parent


def existing() -> JStream:
    return JStream(STREAM, declare=False)


def test_10_a_router_object_serves_only_the_last_broker_that_includes_it() -> None:
    """Us: subscribers are made by the ``Consumer`` on its own broker; no router object exists."""
    router = NatsRouter()
    router.subscriber(SUBJECT)(_nothing)
    one, other = NatsBroker(), NatsBroker()
    one.include_router(router)
    other.include_router(router)
    assert (len(one.subscribers), len(other.subscribers)) == (0, 1)


async def test_13_the_test_broker_knows_no_redelivery_and_no_streams() -> None:
    """Us: delivery is tested against the real server; nothing here uses ``TestNatsBroker``."""
    broker, calls = NatsBroker(), []

    @broker.subscriber(SUBJECT, stream=existing(), durable="d", pull_sub=PullSub())
    async def refuses(body: str) -> None:
        calls.append(body)
        raise NackMessage

    async with TestNatsBroker(broker):
        await broker.publish("y", "nobody.listens", stream="DOES-NOT-EXIST")
        with contextlib.suppress(NackMessage):
            await broker.publish("x", SUBJECT, stream=STREAM)
    assert calls == ["x"]


def test_14_we_do_not_use_the_fastapi_shim() -> None:
    """``faststream.nats.fastapi`` goes away with 1.0. Us: HTTP and messages meet in ``service.py``."""
    for path in KERNEL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(name.startswith("faststream.nats.fastapi") for name in names), path


def test_14_brokers_are_made_in_one_module_and_streams_in_another() -> None:
    """Us: the fence has two gates."""
    makers = {
        "NatsBroker": "broker/broker.py",
        "add_stream": "broker/topology.py",
        "add_consumer": "broker/topology.py",
    }
    for path in KERNEL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                assert name not in makers or path.as_posix().endswith(makers[name]), f"{path}: {name}"


def test_15_subscribers_that_share_a_title_become_one_channel() -> None:
    """FastStream warns by now; before, it was silent. Us: titles hold both names, and warnings are errors."""
    broker = NatsBroker()
    broker.subscriber("a", title="same")(_nothing)
    broker.subscriber("b", title="same")(_nothing)
    with pytest.warns(RuntimeWarning, match="Overwrite"):
        document: Any = AsyncAPI(broker, title="t", version="1").to_specification().to_jsonable()
    assert len(document["channels"]) == 1
    assert Durable("registry", "funds").title != Durable("funds", "registry").title


@pytest.mark.parametrize(
    "options",
    [{"ack_policy": AckPolicy.ACK_FIRST}, {"queue": "q"}, {"flow_control": True}, {"max_workers": 2}],
    ids=lambda options: next(iter(options)),
)
def test_18_options_without_effect_are_errors_here(options: dict[str, Any]) -> None:
    """FastStream only warns. Us: ``strict_warnings`` around every declaration."""
    broker = make_broker("nats://127.0.0.1:1", "never-connected")
    with pytest.raises(RuntimeWarning), strict_warnings():
        broker.subscriber(
            SUBJECT, stream=existing(), durable="d", pull_sub=PullSub(batch=True, batch_size=2), **options
        )


def test_nothing_here_is_quiet_about_deprecations() -> None:
    """An upgrade announces itself: warnings are errors in every test."""
    with pytest.raises(DeprecationWarning):
        warnings.warn("soon", DeprecationWarning, stacklevel=1)


async def _nothing(body: Any) -> None:
    """A handler that takes everything."""
