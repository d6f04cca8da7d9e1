"""Every address that answers with data says whether reading it is put on record.

One rule: an address that says nothing fails here. Whoever adds one decides: restricted, or open with a reason.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from mingjing_kernel.audit.keys import make_signing_key
from mingjing_kernel.reads import Open, Restricted
from mingjing_kernel.service import Host, Service
from mingjing_kernel.service.own_reads import OWN_READS
from mingjing_kernel.settings import ServiceSettings

SERVICES = ("registry", "inspection", "funds", "console")


def service_of(name: str) -> Service:
    found: Service = import_module(f"mingjing_{name}.service").SERVICE
    return found


def read_paths(service: Service, directory: Any) -> set[str]:
    """Every GET below the service's prefix, as its OpenAPI document has it; with a signing key none is missing."""
    settings: ServiceSettings = service.settings(postgres_url="postgresql://nobody@127.0.0.1/none", data_dir=directory)
    make_signing_key(settings.key_file(f"{service.name}-signing"))
    paths = Host(service, settings).app().openapi()["paths"]
    return {path.removeprefix(service.prefix) for path, methods in paths.items() if "get" in methods}


@pytest.mark.parametrize("name", SERVICES)
def test_every_read_says_whether_it_is_restricted(name: str, tmp_path: Any) -> None:
    service = service_of(name)
    paths = read_paths(service, tmp_path)
    assert paths - OWN_READS.keys() - service.reads.keys() == set()
    assert service.reads.keys() <= paths, "a declared address that does not exist"


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_open_says_why_and_what_is_restricted_names_its_kind(name: str) -> None:
    for declared in (*OWN_READS.values(), *service_of(name).reads.values()):
        match declared:
            case Open():
                assert len(declared.because) > 10
            case Restricted():
                assert declared.kind == declared.kind.lower()
                assert declared.kind


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_with_restricted_reads_keeps_them_as_a_list(name: str) -> None:
    assert "reads" in {model.name for model in service_of(name).read_models}
