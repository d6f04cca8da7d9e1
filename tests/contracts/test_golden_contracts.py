"""A released contract never changes: neither what it accepts nor what it looks like."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from contracts import golden_files
from contracts.product import services
from contracts.sample import sample
from mingjing_contracts import Contract, contracts_by_subject
from mingjing_kernel.broker.message import source_of

CONTRACTS = contracts_by_subject()


def made(contract: type[Contract]) -> dict[str, Any]:
    """The content of a new golden file."""
    examples = []
    for instance in (sample(contract), sample(contract, least=True)):
        data = instance.to_bytes().decode()
        if data not in examples:
            examples.append(data)
    return {"subject": contract.subject, "examples": examples, "schema": contract.model_json_schema()}


@pytest.mark.parametrize("subject", sorted(CONTRACTS))
def test_a_contract_is_as_it_was_released(subject: str, may_add_golden: bool) -> None:
    contract = CONTRACTS[subject]
    if subject not in golden_files.names_of("contracts"):
        assert may_add_golden, f"{subject} has no golden file: pytest tests/contracts --update-golden adds it"
        golden_files.add("contracts", subject, made(contract))
    golden = golden_files.load("contracts", subject)
    for example in golden["examples"]:
        assert contract.from_bytes(example.encode()).to_bytes().decode() == example
    assert _shapes(contract.model_json_schema()) == _shapes(golden["schema"]), f"{subject} changed: add a new version"


def test_no_released_contract_is_forgotten() -> None:
    assert golden_files.names_of("contracts") <= set(CONTRACTS)


def test_what_is_told_is_stored_and_what_is_heard_comes_from_others() -> None:
    for name, service in services().items():
        stored = {kind for aggregate in service.streams for kind in aggregate.codec.types.values()}
        assert set(service.outbound) <= stored, f"{name} tells of events that it never stores"
        for contract in service.inbound:
            assert source_of(contract) != name, f"{name} listens to itself: {contract.subject}"
            assert contract.subject in CONTRACTS


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=sorted(CONTRACTS))
def test_unknown_fields_are_refused_and_instances_are_frozen(contract: type[Contract]) -> None:
    instance = sample(contract)
    with pytest.raises(ValidationError):
        contract.model_validate({**instance.model_dump(), "unknown": 1})
    for field in contract.model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(instance, field, None)


def test_names_and_subjects_must_agree() -> None:
    with pytest.raises(TypeError, match="is not <service>"):
        type("BadV1", (Contract,), {"subject": "no subject", "__annotations__": {"subject": ClassVar[str]}})
    with pytest.raises(TypeError, match="must end with V2"):
        type("OtherV1", (Contract,), {"subject": "a.evt.b.c.v2", "__annotations__": {"subject": ClassVar[str]}})


def _shapes(schema: Any) -> Any:
    """A schema without its words: a better description changes nothing for the machines."""
    if isinstance(schema, dict):
        return {key: _shapes(value) for key, value in schema.items() if key not in ("description", "title")}
    return [_shapes(item) for item in schema] if isinstance(schema, list) else schema
