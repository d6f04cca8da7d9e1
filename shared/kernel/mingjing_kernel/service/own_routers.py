"""The addresses that every service has: is it well, what did it tell, what is parked, how is the log proved."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from fastapi import Depends, Response

from mingjing_kernel.audit.case_file import Evidence
from mingjing_kernel.audit.case_router import make_case_router
from mingjing_kernel.audit.receipt_router import make_receipt_router
from mingjing_kernel.audit.receipted import FILING_RECEIPT
from mingjing_kernel.audit.self_standing import Standing, standing
from mingjing_kernel.broker.catchup import make_catchup_router
from mingjing_kernel.broker.parked_api import make_parked_router
from mingjing_kernel.deadlines.plan import NAME as DEADLINES_TABLE
from mingjing_kernel.evidence.api import make_evidence_router
from mingjing_kernel.evidence.upload_api import make_upload_router
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Act, Dimensions, Principal, Role
from mingjing_kernel.log.database import in_short, is_away
from mingjing_kernel.policy.streams import DECIDERS
from mingjing_kernel.reads.read_model import NAME as READS_TABLE
from mingjing_kernel.reads.router import make_reads_router
from mingjing_kernel.sealed.unsealings import RIGHTS_OFFICERS
from mingjing_kernel.service.calendar_api import make_calendar_router
from mingjing_kernel.service.deadlines_api import make_deadlines_router
from mingjing_kernel.service.policies_api import make_policies_router
from mingjing_kernel.service.requests_api import make_requests_router
from mingjing_kernel.service.subject_desk import SubjectDesk
from mingjing_kernel.service.subjects_api import Guards, make_subjects_router
from mingjing_kernel.service.unlocking import make_unlocking_router
from mingjing_kernel.service.unsealings_api import make_unsealings_router

if TYPE_CHECKING:
    from mingjing_kernel.service.host import Host

HEAD_SECONDS_MAX = 2.0
"""Whoever asks whether we are well must hear at once that the database hangs; else it is us who seem to hang."""
_DETAIL = re.compile(r"\b([A-Z]\w*(?:Error|Exception)): .*", re.DOTALL)
_logger = structlog.get_logger("mingjing.health")


def own_routers(host: Host) -> list[Router]:
    """Mounted under the service's prefix, after its own."""
    readers = only(host, Role.SERVICE, Role.AUDITOR, Role.ADMINISTRATOR)
    administrators = only(host, Role.ADMINISTRATOR)
    return [
        _health(host),
        make_catchup_router(host.outbox, readers),
        make_parked_router(host, host.talking.parking, administrators),
        make_unlocking_router(host.gate.lockout, host.locks.exchange, administrators),
        *_personal_data(host),
        *_ruled(host),
        *_reads(host),
        *([make_receipt_router(host, host.receipts)] if FILING_RECEIPT in host.service.aggregates else []),
        _standing(host),
        *_evidence(host),
        *_cases(host),
        *host.witnessing.router(),
    ]


def _standing(host: Host) -> Router:
    readers = only(host, Role.SERVICE, Role.AUDITOR, Role.ADMINISTRATOR)
    router = Router(prefix="/log", tags=["log 存证"], dependencies=[Depends(readers)])

    @router.get("/self-verification", summary="每日自检 what the log last found when it verified itself")
    async def self_verification() -> Standing:
        """Also whether a result is missing: that is computed now, not by the verifier."""
        return await standing(host.log, host.now())

    return router


def _cases(host: Host) -> list[Router]:
    """Case files are sealed: nothing where nothing is signed."""
    checkpointer = host.witnessing.checkpointer
    if checkpointer is None:
        return []
    auditors, notes, desk = only(host, Role.AUDITOR), host.witnessing.notes, host.evidence
    rules, kept = host.service.rules, host.service.kept_rules
    if desk is None:
        return [make_case_router(host.log, checkpointer, auditors, notes, rules, None, kept=kept)]

    def originals(purpose: str, caller: Principal) -> Evidence:
        return partial(desk.custody.for_case, purpose=purpose, caller=caller)

    return [make_case_router(host.log, checkpointer, auditors, notes, rules, originals, desk.blobs.work, kept)]


def _reads(host: Host) -> list[Router]:
    """The read log, where the service keeps it as a list."""
    return [make_reads_router(host, model.table) for model in host.service.read_models if model.name == READS_TABLE]


def _ruled(host: Host) -> list[Router]:
    """Rules with numbers, the calendar that limits are counted by, and what is due."""
    service = host.service
    deciders = only(host, *DECIDERS)
    found = []
    if service.policy_rules:
        readers = only(host, *OFFICIALS, Role.SERVICE)
        found.append(make_policies_router(host, service.policy_rules, readers, deciders))
    if service.counts_working_days:
        found.append(make_calendar_router(host, deciders))
    if service.deadlines:
        model = next(model for model in service.read_models if model.name == DEADLINES_TABLE)
        found.append(make_deadlines_router(host, service.deadlines, model))
    return found


def _evidence(host: Host) -> list[Router]:
    """Where a service keeps evidence."""
    desk = host.evidence
    if desk is None:
        return []
    return [make_upload_router(host, desk), make_evidence_router(host, desk)]


def _personal_data(host: Host) -> list[Router]:
    """Of a service that seals: its subjects, who looked at them, and the rules about both."""
    service = host.service
    if service.subjects is None:
        return []
    models = {model.name: model for model in service.read_models}
    guards = Guards(administrators=only(host, Role.ADMINISTRATOR), officers=only(host, *RIGHTS_OFFICERS))
    desk = SubjectDesk(host, service.subjects)
    return [
        make_subjects_router(host, guards, desk, service.name),
        make_unsealings_router(host, models["unsealings"]),
        make_requests_router(host, guards.officers, desk, models["subject_requests"]),
    ]


def only(host: Host, *roles: Role) -> Callable[..., Any]:
    """A dependency that lets in whoever holds one of the roles for the whole region of this installation.

    What lies behind it (parked messages, all contracts, every sealed subject) is not divided by region: a grant for
    one town of the county is not enough.
    """
    act = Act(
        name="use-service", zh="使用系统级功能", en="use an address of the service itself", roles=frozenset(roles)
    )
    here = Dimensions(UNDIVIDED, host.settings.county_code, UNDIVIDED)

    async def guard(caller: Principal = Depends(host.caller)) -> Principal:
        caller.scope.require(act, here)
        return caller

    return guard


def _health(host: Host) -> Router:
    router = Router(tags=["service"])

    @router.get("/health", summary="Whether the service can work, and how far each part got")
    async def health(response: Response) -> dict[str, Any]:
        found: dict[str, Any] = {**host.readiness(), "head": None, "database": "answers"}
        try:
            async with asyncio.timeout(HEAD_SECONDS_MAX):
                found["head"] = await host.log.head()
                found["self_verification"] = (await standing(host.log, host.now())).in_short()
                if fault := await host.lists_fault():
                    found |= {"ready": False, "fault": found.get("fault", fault)}
        except TimeoutError:
            found |= {"ready": False, "database": f"no answer within {HEAD_SECONDS_MAX:g} s"}
        except Exception as trouble:
            if not is_away(trouble):
                raise
            _logger.warning("health.database", reason=in_short(trouble))
            found |= {"ready": False, "database": type(trouble).__name__}
        response.status_code = 200 if found["ready"] else 503
        shown: dict[str, Any] = without_details(found)
        return shown

    return router


def without_details(found: Any) -> Any:
    """Anybody may ask: of an error only its kind is told. Its words name hosts, tables, rows; they go to the log."""
    match found:
        case dict():
            return {name: without_details(value) for name, value in found.items()}
        case list() | tuple():
            return [without_details(value) for value in found]
        case str():
            return _DETAIL.sub(r"\1", found)
        case _:
            return found
