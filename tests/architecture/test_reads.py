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


WRITTEN = {
    *(
        "Accepted",
        "ComplaintAccepted",
        "DrawAccepted",
        "EvaluationAnswer",
        "Expired",
        "CallsReceipt",
        "FileReceipt",
        "NumberedAnswers",
        "Proposed",
        "ReceiptAnswer",
    ),
    *("ComparedNow", "ListTaken", "ListingsEnded", "ProposedListing", "Reconciliation", "Registered", "Reminded"),
    *("RosterSummary", "Summary"),
    *("CitizenAccepted", "SecretAccepted"),
    *("GridFileReceipt", "PlaceAccepted", "PostFileReceipt"),
    *("StaffListTaken", "StaffRechecked"),
}
"""Answers of a POST that say what became of a write, and show nothing that stood there before."""
ANSWERING = {
    "/checklist-previews": "the caller's own file, read; the questions of a checklist are public and name nobody",
    "/annual-checks/{year}/openings": "names of organisations; each check that it opens is a fact",
    "/complaints/own-record": "the complainant's own record, which names no person; wrong tries are counted and logged",
    "/complaints/suggestions": "complaints that were shown, and a search by telephone, are noted; what is typed is not",
    "/complaint-tracks/{track_id}/complainant": "an opening: counted, reviewed, on the subject's own record",
    "/complaints/{complaint_id}/complainant": "an opening: counted, reviewed, on the subject's own record",
    "/open311/v2/requests.{format_}": "the number and the secret of what the sender has just sent",
    "/public/complaints/follow-by-phone": "her own complaint by its telephone: a stage and dates; wrong ones count",
    "/public/complaints/follow": "the citizen's own complaint by its secret: a stage and dates; nobody is named",
    "/confirmations/look": "a guardian's own lessons by her code; wrong codes are limited, and nobody is named",
    "/contract-numbers/look": "number, course and price of a contract; nobody is named, a number is compared whole",
    "/contracts/{contract_id}/confirmation-requests/{request_id}/code": "an opening, on the guardian's own record",
    "/leads/{lead_id}/people/{number}": "an opening: counted, reviewed, on the subject's own record",
    "/conduct-leads/{lead_id}/people/{number}": "the same, by education discipline",
    "/lesson-batches": "what became of each record that the sender sent",
    "/payment-batches/{batch_id}/recall-answers": "instructions on which a bank says two things; each is a fact",
    "/payment-batches": "how many were sent, their sum, and numbers that stay behind; the batch itself is a fact",
    "/custodians/{institution_id}/contracts": "how many contracts went over, and numbers of those that wait",
    "/status-reports": "what became of each line that the bank sent",
    "/contracts/own-record": "the guardian's own record and her pupil's; as the complainant's own",
    "/contracts/{contract_id}/family/{member}": "an opening: counted, reviewed, on the subject's own record",
    "/evidence/{evidence_id}/original": "each look is a fact of the file's own custody",
    "/staff-blacklist/checks": "noted as a read with its purpose; the number asked about is not kept",
    "/matches/search": "noted as a read, with the fields that were searched by",
    "/grid-post-previews": "the sender's own file, and what it would do; officials' accounts, no citizen",
    "/grid-versions/preview": "the sender's own file, and what is wrong with the grids that it draws",
    "/imports/previews": "the sender's own file, and how its columns are read; its rows are read elsewhere, on record",
    "/imports/previews/{preview_id}/mapping": "the same",
    "/imports/staff/previews": "the sender's own file in masks; its rows are read elsewhere, on record",
    "/imports/staff/previews/{preview_id}/mapping": "the same",
    "/kept-aside/{row_id}/person": "an opening: counted, reviewed, on the subject's own record",
    "/school-rosters/files": "how many schools and teachers the sender's own file names; nobody of them",
    "/roster/previews": "the same of the platform's roster",
    "/roster/previews/{preview_id}/mapping": "the same",
    "/subjects/search": "counted as an opening and noted as a read",
    "/subjects/{subject}/copy": "an opening: counted, reviewed, on the subject's own record",
}
"""Every POST that answers with data, and how it is on record: the watch looks at GET and HEAD only."""


def service_of(name: str) -> Service:
    found: Service = import_module(f"mingjing_{name}.service").SERVICE
    return found


def read_paths(service: Service, directory: Any) -> set[str]:
    """Every GET below the service's prefix, as its OpenAPI document has it; with a signing key none is missing."""
    return {path for path, methods in paths_of(service, directory).items() if "get" in methods}


def answering_posts(service: Service, directory: Any) -> set[str]:
    """Every POST whose answer is more than what became of a write."""
    return {
        path
        for path, methods in paths_of(service, directory).items()
        for status, answer in methods.get("post", {}).get("responses", {}).items()
        if status.startswith("2") and status != "204" and _answer_of(answer) not in WRITTEN
    }


def _answer_of(answer: Any) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return str(schema.get("$ref", "")).rpartition("/")[2]


def paths_of(service: Service, directory: Any) -> dict[str, Any]:
    """What the service's OpenAPI document has below its prefix."""
    settings: ServiceSettings = service.settings(postgres_url="postgresql://nobody@127.0.0.1/none", data_dir=directory)
    make_signing_key(settings.key_file(f"{service.name}-signing"))
    paths = Host(service, settings).app().openapi()["paths"]
    return {path.removeprefix(service.prefix): methods for path, methods in paths.items()}


@pytest.mark.parametrize("name", SERVICES)
def test_every_read_says_whether_it_is_restricted(name: str, tmp_path: Any) -> None:
    service = service_of(name)
    paths = read_paths(service, tmp_path)
    assert paths - OWN_READS.keys() - service.reads.keys() == set()
    assert service.reads.keys() <= paths, "a declared address that does not exist"


@pytest.mark.parametrize("name", SERVICES)
def test_every_post_that_answers_with_data_says_how_it_is_on_record(name: str, tmp_path: Any) -> None:
    assert answering_posts(service_of(name), tmp_path) - ANSWERING.keys() == set()


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
