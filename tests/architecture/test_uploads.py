"""Every address that takes a file says how large it may be: else it is held to what fits a form, and refuses the file.

One rule: what reads a file is found in the code; its address begins with one that a table of limits names.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from architecture.test_reads import SERVICES, service_of
from mingjing_kernel.audit.keys import make_signing_key
from mingjing_kernel.evidence.upload_api import UPLOADS
from mingjing_kernel.http.app import BODY_BYTES_MAX
from mingjing_kernel.service import Host, Service
from mingjing_kernel.settings import ServiceSettings

FITS = {
    "/bundles/{bundle_id}/parts/{part_id}": "a report of a visit, 64 KiB; photos go up as evidence",
    "/visits/{visit_id}": "a report of a visit, as JSON; its bytes are its identity",
    "/open311/v2/requests.{format_}": "a form without a file",
}
"""Addresses that read the bytes of a request and need no more than any: and why."""


@pytest.mark.parametrize("name", SERVICES)
def test_every_address_that_takes_a_file_states_its_limit(name: str, tmp_path: Any) -> None:
    service = service_of(name)
    limits = {**{service.prefix + path: size for path, size in service.uploads.items()}, **service.page_uploads}
    taking = set(_taking_files(service, tmp_path))
    stated = {path for path in taking if any(path.startswith(start) for start in limits)}
    assert {path.removeprefix(service.prefix) for path in taking - stated} - FITS.keys() == set()
    idle = {start for start in limits if not any(path.startswith(start) for path in taking)}
    assert {start for start in idle if limits[start] <= BODY_BYTES_MAX} == set(), "a row that nobody needs"


def _taking_files(service: Service, directory: Any) -> Iterator[str]:
    settings: ServiceSettings = service.settings(postgres_url="postgresql://nobody@127.0.0.1/none", data_dir=directory)
    make_signing_key(settings.key_file(f"{service.name}-signing"))
    for route in Host(service, settings).app().routes:
        handler = getattr(route, "endpoint", None)
        is_write = {"POST", "PUT", "PATCH"} & set(getattr(route, "methods", None) or ())
        path: str = getattr(route, "path", "")
        if is_write and handler is not None and UPLOADS not in path:
            reads = _reads_a_form if service.page_uploads else _reads_the_body
            if handler.__name__ in _readers(handler, reads):
                yield path


def _readers(handler: Any, reads: Callable[[ast.AST], bool]) -> set[str]:
    """The functions of its module that read a file, and those that call them."""
    tree = ast.parse(inspect.getsource(sys.modules[inspect.unwrap(handler).__module__]))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = {function.name for function in functions if any(reads(node) for node in _own(function))}
    while more := {one.name for one in functions if one.name not in found and found & set(_called(one))}:
        found |= more
    return found


def _own(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """What it says itself; a handler that stands inside it is a function of its own."""
    waiting: list[ast.AST] = [*function.body, function.args]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)


def _reads_the_body(node: ast.AST) -> bool:
    """A service does, or has a parameter that is a file."""
    if isinstance(node, ast.arg):
        return isinstance(node.annotation, ast.Name) and node.annotation.id == "UploadFile"
    return isinstance(node, ast.Call) and ast.unparse(node) == "request.body()"


def _reads_a_form(node: ast.AST) -> bool:
    """A page does, with a file in it; what is typed into others fits."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "request.form":
        return False
    return any(one.arg == "max_files" for one in node.keywords)


def _called(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    return (node.func.id for node in _own(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
