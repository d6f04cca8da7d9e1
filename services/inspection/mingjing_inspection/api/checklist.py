"""Checklists over HTTP (检查清单): every version that can be answered; a file previewed, proposed, approved by another.

One rule: nothing of a file counts before two persons have seen it; and the same bytes that were previewed are what is
proposed.
"""

from __future__ import annotations

import hashlib
from datetime import date
from functools import partial
from typing import Any, Literal

from fastapi import Depends, Path, Query, Request, Response
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts import APPROVE_CHECKLIST, PROPOSE_CHECKLIST, WITHDRAW_CHECKLIST
from mingjing_inspection.api.checklist_mapping import mappings_known
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.codec import CHECKLIST_VERSIONS, CHECKLISTS_ID
from mingjing_inspection.codec_checklist_file import CHECKLIST_FILES
from mingjing_inspection.domain.checklist import Checklist, Item
from mingjing_inspection.domain.checklist_file import KeepChecklistFile
from mingjing_inspection.domain.checklist_refusals import ChecklistUnproposed
from mingjing_inspection.domain.checklist_versions import (
    VERSION,
    ApproveChecklist,
    ProposeChecklist,
    Source,
    Versions,
    WithdrawChecklist,
    hindrance,
)
from mingjing_inspection.sources.checklist_file import ChecklistHeaderUnknown, ReadChecklist, read_checklist
from mingjing_inspection.sources.checklist_guess import guess
from mingjing_inspection.sources.table import read_tables
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, AvailableActions, Kit, accepted, available_actions
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope

_SENDER: Any = Query(default="", max_length=100, description="Who writes such tables: its header is remembered")
_VERSION = Path(max_length=40, pattern=VERSION.pattern, examples=["patrol-2026-autumn"])


class ItemBody(BaseModel):
    """One question of a checklist."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    title_zh: str
    title_en: str
    legal_basis: str
    severity: str
    immediate_veto: bool
    photo_required: bool


class ChecklistBody(BaseModel):
    """A version of the questions."""

    model_config = ConfigDict(from_attributes=True)

    version: str
    effective_from: date
    items: list[ItemBody]


class ChecklistShown(ChecklistBody):
    """A version, and whether it is the one that is asked today."""

    is_in_force: bool


class MistakeBody(BaseModel):
    """One cell of a file that cannot be read."""

    model_config = ConfigDict(from_attributes=True)

    row: int = Field(description="As a person counts it in the file")
    column: str
    text: str
    zh: str
    en: str


class Change(BaseModel):
    """What a file would change of what is asked today."""

    code: str
    what: Literal["added", "changed", "left-out"]


class ColumnGuess(BaseModel):
    """What a column may hold, and on what that stands: remembered, known, content, similar, or nothing."""

    model_config = ConfigDict(from_attributes=True)

    label: str
    field: str
    why: str
    samples: list[str]


class MappingQuestion(BaseModel):
    """A header that nobody knows. Confirm ``header`` and the fields at ``/checklist-mappings``, and preview again."""

    model_config = ConfigDict(from_attributes=True)

    row: int = Field(description="Where the header seems to be, as a person counts it")
    header: list[str]
    columns: list[ColumnGuess]
    missing: list[str]


class ChecklistPreview(BaseModel):
    """What a file says. Nothing of it is kept: send the same file again to propose it."""

    sha256: str
    sheet: str
    items: list[ItemBody]
    mistakes: list[MistakeBody]
    changes: list[Change] = Field(description="Against the version in force today")
    against: str
    question: MappingQuestion | None = Field(
        default=None, description="Where the header is not known: what its columns may hold, for a person to confirm"
    )


class ChecklistProposalItem(BaseModel):
    """A version that somebody proposed."""

    version: str
    effective_from: date
    items: list[ItemBody]
    source: str
    source_sha256: str
    reason: str
    proposed_by: str
    state: Literal["proposed", "approved", "withdrawn"]


class WithdrawalBody(BaseModel):
    """Why it is taken back."""

    reason: str = Field(max_length=1_000)


def make_router(kit: Kit) -> Router:
    """Versions: asked for, previewed, proposed, approved."""
    router = Router(tags=["checklist 检查清单"])
    _reading(router, kit)
    _proposing(router, kit)
    _deciding(router, kit)
    return router


def _reading(router: Router, kit: Kit) -> None:
    @router.get("/checklists", summary="检查清单 every version that can be answered")
    async def checklists() -> list[ChecklistShown]:
        """Public: what is asked is no secret."""
        versions = await _versions(kit)
        today = versions.on(shanghai_date(kit.now())).version
        return [_shown(one, is_in_force=one.version == today) for one in versions.every()]

    @router.get("/checklist-proposals", summary="检查清单提案 every version that was proposed")
    async def checklist_proposals(caller: Principal = Depends(kit.caller)) -> list[ChecklistProposalItem]:
        """Oldest first; for whoever decides on them."""
        caller.scope.require(PROPOSE_CHECKLIST, _everywhere(kit))
        versions = await _versions(kit)
        return [
            ChecklistProposalItem(
                version=name,
                effective_from=one.effective_from,
                items=[ItemBody.model_validate(item) for item in one.items],
                source=one.source.name,
                source_sha256=one.source.sha256,
                reason=one.reason,
                proposed_by=one.by,
                state=_state(versions, name),
            )
            for name, one in versions.proposed.items()
        ]

    @router.get("/checklist-proposals/{version}/available-actions", summary="可办事项 what may be done to it now")
    async def checklist_actions(version: str = _VERSION, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        if version not in (await _versions(kit)).proposed:
            raise ChecklistUnproposed(version=version)
        why_not = partial(_hindered, version)
        here = _everywhere(kit)
        return await available_actions(kit, CHECKLIST_VERSIONS, CHECKLISTS_ID, caller, here, why_not, thing=version)


def _proposing(router: Router, kit: Kit) -> None:
    @router.post("/checklist-previews", summary="预览检查清单文件 what a file says, row by row")
    async def preview_checklist(
        request: Request, sender: str = _SENDER, scope: Scope = Depends(kit.scope)
    ) -> ChecklistPreview:
        """The body is the file (XLSX, CSV); columns 编号, 检查项, 法律依据, 严重程度, 一票否决, 须拍照.

        Another header is read as somebody confirmed it for the sender; else the answer says what it may mean.
        """
        scope.require(PROPOSE_CHECKLIST, _everywhere(kit))
        content = await request.body()
        in_force = (await _versions(kit)).on(shanghai_date(kit.now()))
        mapped = (await mappings_known(kit)).of(sender)
        try:
            return _preview(content, read_checklist(content, mapped), in_force)
        except ChecklistHeaderUnknown:
            earlier = {
                label: field for header, said in mapped.items() for label, field in zip(header, said, strict=True)
            }
            guessed = guess(read_tables(content), earlier)
            if guessed is None:
                raise
            read = ReadChecklist(sheet=guessed.sheet, items=(), mistakes=())
            question = MappingQuestion.model_validate(guessed)
            return _preview(content, read, in_force).model_copy(update={"changes": [], "question": question})

    @router.put("/checklist-proposals/{version}", status_code=201, summary="提出检查清单 propose a previewed file")
    async def propose_checklist(
        request: Request,
        response: Response,
        version: str = _VERSION,
        effective_from: date = Query(description="The first day on which it is asked"),
        name: str = Query(default="", max_length=200, description="The file's name, for the record"),
        sender: str = _SENDER,
        reason: str = Query(max_length=1_000),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The body is the file once more. It counts when somebody else has approved it."""
        scope.require(PROPOSE_CHECKLIST, _everywhere(kit))
        content = await request.body()
        command = ProposeChecklist(
            version=version,
            effective_from=effective_from,
            items=read_checklist(content, (await mappings_known(kit)).of(sender)).require_items(),
            source=Source(name=name, sha256=hashlib.sha256(content).hexdigest()),
            reason=reason,
            by=written.actor,
            at=kit.now(),
            on=shanghai_date(kit.now()),
        )
        grounds = grounded(written, reason)
        outcome = await kit.log.handle(CHECKLIST_VERSIONS, CHECKLISTS_ID, command, grounds)
        # After the proposal, which may be refused; sent again after a fall between the two, it is kept then.
        keep = KeepChecklistFile(name=name, sha256=command.source.sha256, content=content, at=kit.now())
        keeping = replace(written, command_id=derived_id("keep-checklist", written.command_id), expected_version=None)
        await kit.log.handle(CHECKLIST_FILES, derived_id("checklist-file", command.source.sha256), keep, keeping)
        return accepted(response, outcome)


def _deciding(router: Router, kit: Kit) -> None:
    @router.post("/checklist-proposals/{version}/approval", status_code=201, summary="批准检查清单 approve a version")
    async def approve_checklist(
        response: Response,
        version: str = _VERSION,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Not by its proposer."""
        scope.require(APPROVE_CHECKLIST, _everywhere(kit))
        command = ApproveChecklist(version=version, by=written.actor, at=kit.now(), on=shanghai_date(kit.now()))
        return accepted(response, await kit.log.handle(CHECKLIST_VERSIONS, CHECKLISTS_ID, command, written))

    @router.post("/checklist-proposals/{version}/withdrawal", status_code=201, summary="撤回 take a proposal back")
    async def withdraw_checklist(
        body: WithdrawalBody,
        response: Response,
        version: str = _VERSION,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Before anybody approved it."""
        scope.require(WITHDRAW_CHECKLIST, _everywhere(kit))
        command = WithdrawChecklist(version=version, reason=body.reason, by=written.actor, at=kit.now())
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(CHECKLIST_VERSIONS, CHECKLISTS_ID, command, grounds))


def _everywhere(kit: Kit) -> Dimensions:
    """One list is asked in the whole county, of every department's institutions."""
    return Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED)


async def _versions(kit: Kit) -> Versions:
    versions: Versions = (await kit.log.state(CHECKLIST_VERSIONS, CHECKLISTS_ID))[0]
    return versions


def _shown(checklist: Checklist, *, is_in_force: bool) -> ChecklistShown:
    body = ChecklistBody.model_validate(checklist)
    return ChecklistShown(**body.model_dump(), is_in_force=is_in_force)


def _state(versions: Versions, name: str) -> Literal["proposed", "approved", "withdrawn"]:
    if name in versions.withdrawn:
        return "withdrawn"
    return "approved" if name in versions.approved else "proposed"


def _hindered(version: str, step: type, versions: Versions) -> Any:
    return hindrance(step, versions, version)


def _preview(content: bytes, read: ReadChecklist, in_force: Checklist) -> ChecklistPreview:
    before: dict[str, Item] = {item.code: item for item in in_force.items}
    after = {item.code: item for item in read.items}
    changes = [Change(code=code, what="added") for code in after if code not in before]
    changes += [Change(code=code, what="changed") for code, one in after.items() if before.get(code, one) != one]
    changes += [Change(code=code, what="left-out") for code in before if code not in after]
    return ChecklistPreview(
        sha256=hashlib.sha256(content).hexdigest(),
        sheet=read.sheet,
        items=[ItemBody.model_validate(item) for item in read.items],
        mistakes=[MistakeBody.model_validate(one) for one in read.mistakes],
        changes=sorted(changes, key=lambda one: (one.code, one.what)),
        against=in_force.version,
    )
