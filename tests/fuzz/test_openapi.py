"""Every operation of every service, fuzzed from its own document: no 5xx, no answer that the document does not
promise, and nothing of this county for somebody who has every role in another.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fuzz.callers import ELSEWHERE, HERE, SERVICES, TOGETHER, Callers
from mingjing_kernel.http.problem import MEDIA_TYPE
from mingjing_kernel.identity import Role

pytestmark = pytest.mark.timeout(600)
EXAMPLES = int(os.environ.get("MINGJING_FUZZ_EXAMPLES", "6"))
"""An operation, each sent as two callers. Fixed seeds: CI must not fail on a new day's luck. At night, and to hunt, the
environment asks for more.
"""
BUSY = {503}
"""Promised in the document: the log or a projection is away for a moment. Anything else from 500 on is ours, and so is
a moment that does not end: one fact that no list can hold.
"""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PUBLISHED = ("/public/", "/whitelist", "/open-data", "/feeds/lists")
"""Parts of addresses whose lists the law publishes: everybody sees them, and another county, too."""
DOCUMENTS = Path(__file__).parents[2] / "docs" / "api"
_FUZZED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


def _operations() -> list[Any]:
    found = []
    for service in SERVICES:
        document = json.loads((DOCUMENTS / f"{service}.openapi.json").read_text(encoding="utf-8"))
        document["info"]["x-service"] = service
        schema = schemathesis.openapi.from_dict(document)
        operations: Iterable[Any] = schema.get_all_operations()
        found += [(service, result.ok()) for result in operations]
    return [pytest.param(one, id=f"{service} {one.method.upper()} {one.path}") for service, one in found]


def _cases(operation: Any, callers: Callers) -> st.SearchStrategy[Case[Any]]:
    """What the document allows and what it forbids; ids at random and ids that exist."""
    names = [one.name for one in operation.path_parameters]
    known = {name: callers.ids[name] for name in names if callers.ids.get(name)}
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    # Made once for an operation, not once for an example.
    by_mode = {mode: operation.as_strategy(generation_mode=mode) for mode in GenerationMode}

    def with_ids(mode: GenerationMode) -> st.SearchStrategy[Case[Any]]:
        at_random: st.SearchStrategy[Case[Any]] = by_mode[mode]
        if not names or known.keys() != set(names):
            return at_random
        chosen = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in known.items()})
        real = chosen.flatmap(lambda ids: operation.as_strategy(generation_mode=mode, path_parameters=ids))
        return st.one_of(real, real, at_random)

    return modes.flatmap(with_ids)


@pytest.mark.parametrize("operation", _operations())
def test_an_operation_answers_as_its_document_says_and_leaks_nothing(operation: Any, callers: Callers) -> None:
    is_public = any(part in operation.path for part in PUBLISHED)

    @_FUZZED
    @given(case=_cases(operation, callers), roles=st.sampled_from(TOGETHER))
    def fuzz(case: Case[Any], roles: tuple[Role, ...]) -> None:
        for region in (ELSEWHERE, HERE):
            answer = callers.send(region, roles, case)
            _conforms(case, answer)
            if answer.status_code in BUSY:
                assert (because := callers.what_stops(_service_of(case))) == "", because
            if region == ELSEWHERE and not is_public:
                seen = [name for name in callers.names if name in answer.text]
                assert not seen, f"{answer.request.method} {answer.request.url} shows {seen[:3]} to another county"

    fuzz()


def _service_of(case: Case[Any]) -> str:
    return str(case.operation.schema.raw_schema["info"]["x-service"])


def _conforms(case: Case[Any], answer: httpx.Response) -> None:
    if answer.status_code in BUSY:
        assert answer.headers["content-type"].startswith(MEDIA_TYPE)
        return
    case.validate_response(answer, checks=CHECKS)
