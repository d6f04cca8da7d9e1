"""Every event that was ever stored decodes for ever, to the same fact."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import golden_files
from contracts.product import aggregates, codecs, services
from contracts.sample import sample, shape
from mingjing_kernel.codec import Codec

CODECS = codecs()


def made(codec: Codec[Any], name: str) -> dict[str, Any]:
    """The content of a new golden file: a full example and the smallest one."""
    kind = codec.types[name]
    examples = []
    for event in (sample(kind), sample(kind, least=True)):
        _, data = codec.encode(event)
        example = {"stored": data.decode(), "fact": shape(codec.decode(name, data))}
        if example not in examples:
            examples.append(example)
    return {"name": name, "examples": examples}


@pytest.mark.parametrize("name", sorted(CODECS))
def test_a_stored_event_decodes_as_it_did_when_it_was_released(name: str, may_add_golden: bool) -> None:
    codec = CODECS[name]
    if name not in golden_files.names_of("events"):
        assert name not in codec.retired, f"{name} was stored once, and its golden file is gone: restore it"
        assert may_add_golden, f"{name} has no golden file: pytest tests/contracts --update-golden adds it"
        golden_files.add("events", name, made(codec, name))
    examples = golden_files.load("events", name)["examples"]
    if name in codec.retired:
        _check_way_up(codec, name, examples, may_add_golden)
        return
    for example in examples:
        fact = codec.decode(name, example["stored"].encode())
        assert shape(fact) == example["fact"], f"{name} decodes to something else now: add a new version instead"
        stored = codec.encode(fact)
        assert stored == (name, example["stored"].encode()), f"{name} is stored in another form: add a new version"


def _check_way_up(codec: Codec[Any], name: str, examples: list[Any], may_add_golden: bool) -> None:
    """What a retired form becomes is released as well: once for each present form that it leads to."""
    facts = [codec.decode(name, example["stored"].encode()) for example in examples]
    way = f"{name}.to.{codec.encode(facts[0])[0]}"
    shapes = [shape(fact) for fact in facts]
    if way not in golden_files.names_of("upcasts"):
        assert may_add_golden, f"{way} has no golden file: pytest tests/contracts --update-golden adds it"
        golden_files.add("upcasts", way, shapes)
    assert golden_files.load("upcasts", way) == shapes, f"the upcaster of {name} was changed"


def test_no_released_name_is_forgotten() -> None:
    assert golden_files.names_of("events") <= set(CODECS), "a released stored name has no codec any more"


def test_stored_names_say_which_service_they_belong_to() -> None:
    for service, aggregate in aggregates():
        for name in aggregate.codec.types:
            owner, fact, version = name.split(".")
            assert owner in (service, "kernel"), f"{name} is stored by {service}"
            assert fact == fact.lower()
            assert version.removeprefix("v").isdigit()


def test_the_services_were_found() -> None:
    assert services(), "no mingjing_<name>.service.SERVICE is installed"
