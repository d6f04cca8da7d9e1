"""Export profiles over HTTP 导出对照: what counts, its versions; proposed, approved by somebody else, withdrawn."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, AvailableActions, Kit, accepted, available_actions
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Act, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_registry.acts_ledger import APPROVE_PROFILE, PROPOSE_PROFILE, WITHDRAW_PROFILE
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.ledger_export import NAME, PROFILES_ID, Chosen, in_force_on, profiles_of
from mingjing_registry.api.past import day_of
from mingjing_registry.codec import EXPORT_PROFILES
from mingjing_registry.domain.export_profile import (
    COLUMNS_MAX,
    FIELDS,
    FORMS,
    ApproveProfile,
    Profile,
    ProfileColumn,
    ProfileProposed,
    Profiles,
    ProposeProfile,
    Term,
    WithdrawProfile,
    hindrance,
)
from mingjing_registry.domain.export_refusals import ProfileUnknown, ProfileVersionUnknown
from mingjing_registry.sources.export_profiles import shipped

TERMS_MAX = 500


class TermBody(BaseModel):
    """Our word and theirs."""

    model_config = ConfigDict(from_attributes=True)

    ours: str = Field(max_length=200)
    theirs: str = Field(max_length=200)


class ColumnBody(BaseModel):
    """One column."""

    model_config = ConfigDict(from_attributes=True)

    heading: str = Field(min_length=1, max_length=100)
    field: str = Field(default="", max_length=60, description="Empty for a constant")
    terms: list[TermBody] = Field(default=[], max_length=TERMS_MAX, description="Values in the platform's words")
    form: str = Field(default="", max_length=20)
    constant: str = Field(default="", max_length=200)


class ProfileBody(BaseModel):
    """A version of a profile."""

    title: str = Field(max_length=200)
    columns: list[ColumnBody] = Field(min_length=1, max_length=COLUMNS_MAX)
    basis: str = Field(max_length=1_000, description="Whose template it follows, and which rule asks for it")
    only_there: bool = True
    effective_on: date
    reason: str = Field(max_length=1_000)


class WithdrawalBody(BaseModel):
    """Why it is taken back."""

    reason: str = Field(min_length=1, max_length=1_000)


class VersionShown(BaseModel):
    """One version, as it stands."""

    version_id: UUID
    number: int
    effective_on: date
    state: Literal["proposed", "approved", "withdrawn"]
    reason: str
    basis: str
    columns: list[ColumnBody]


class ProfileShown(BaseModel):
    """A profile as it counts today; empty where no version of it is approved yet."""

    name: str
    version: str = Field(description="Named in every file; default/1 is what ships")
    title: str
    basis: str
    only_there: bool
    columns: list[ColumnBody]
    versions: list[VersionShown]


class FieldShown(BaseModel):
    """What a column may show."""

    field: str
    kind: str
    forms: list[str]


class ProfilesShown(BaseModel):
    """Every profile, and what one can be made of."""

    profiles: list[ProfileShown]
    fields: list[FieldShown]


def make_router(kit: Kit) -> Router:
    """Questions and acts."""
    router = Router(prefix="/export-profiles", tags=["ledger 台账"])
    _questions(router, kit)
    _acts(router, kit)
    return router


def _questions(router: Router, kit: Kit) -> None:
    @router.get("", summary="导出对照 export profiles")
    async def export_profiles(_: Scope = Depends(kit.scope)) -> ProfilesShown:
        """Headings and words only; no institution stands in them."""
        profiles, today = await profiles_of(kit), shanghai_date(kit.now())
        names = dict.fromkeys([*shipped(), *(one.profile.name for one in profiles.proposed.values())])
        fields = [FieldShown(field=name, kind=kind, forms=sorted(FORMS[kind])) for name, kind in FIELDS.items()]
        return ProfilesShown(profiles=[_shown(profiles, name, today) for name in names], fields=fields)

    @router.get("/{name}", summary="某项导出对照及其版本 one export profile and its versions")
    async def export_profile(name: str, _: Scope = Depends(kit.scope)) -> ProfileShown:
        """As it counts today."""
        profiles = await profiles_of(kit)
        if name not in shipped() and not profiles.of(name):
            raise ProfileUnknown(name=name, known=", ".join(shipped()))
        return _shown(profiles, name, shanghai_date(kit.now()))

    @router.get("/{name}/versions/{version_id}/available-actions", summary="可办事项 what may be done to a version now")
    async def export_profile_actions(
        name: str, version_id: UUID, caller: Principal = Depends(kit.caller)
    ) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await _known(kit, name, version_id)
        why_not = partial(_hindered, version_id)
        here = _here(kit)
        return await available_actions(kit, EXPORT_PROFILES, PROFILES_ID, caller, here, why_not, thing=version_id)


def _acts(router: Router, kit: Kit) -> None:
    @router.put("/{name}/versions/{version_id}", summary="提出导出对照 propose a version")
    async def propose_export_profile(
        version_id: UUID,
        body: ProfileBody,
        response: Response,
        name: str = Path(pattern=NAME),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """It counts when somebody else has approved it, from the day that it names."""
        scope.require(PROPOSE_PROFILE, _here(kit))
        command = ProposeProfile(
            version_id=version_id,
            profile=_profile(name, body),
            effective_on=body.effective_on,
            reason=body.reason,
            on=day_of(kit, written),
        )
        return await _carried_out(kit, response, command, grounded(written, body.reason, body.basis))

    @router.post("/{name}/versions/{version_id}/approval", summary="批准导出对照 approve a version")
    async def approve_export_profile(
        name: str,
        version_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Not by its proposer."""
        proposed = await _allowed(kit, scope, APPROVE_PROFILE, name, version_id)
        command = ApproveProfile(version_id=version_id, on=day_of(kit, written))
        return await _carried_out(kit, response, command, grounded(written, governed_by=proposed.profile.basis))

    @router.post("/{name}/versions/{version_id}/withdrawal", summary="撤回导出对照 take a proposal back")
    async def withdraw_export_profile(
        name: str,
        version_id: UUID,
        body: WithdrawalBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Before anybody approved it."""
        proposed = await _allowed(kit, scope, WITHDRAW_PROFILE, name, version_id)
        command = WithdrawProfile(version_id=version_id, reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=proposed.profile.basis)
        return await _carried_out(kit, response, command, grounds)


def _here(kit: Kit) -> Dimensions:
    """A profile is of the whole installation."""
    return Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED)


async def _allowed(kit: Kit, scope: Scope, act: Act, name: str, version_id: UUID) -> ProfileProposed:
    scope.require(act, _here(kit))
    return await _known(kit, name, version_id)


async def _known(kit: Kit, name: str, version_id: UUID) -> ProfileProposed:
    found = (await profiles_of(kit)).proposed.get(version_id)
    if found is None or found.profile.name != name:
        raise ProfileVersionUnknown
    return found


async def _carried_out(kit: Kit, response: Response, command: Any, grounds: Envelope) -> Accepted:
    return accepted(response, await kit.log.handle(EXPORT_PROFILES, PROFILES_ID, command, grounds))


def _hindered(version_id: UUID, step: type, profiles: Profiles) -> Any:
    return hindrance(step, profiles, version_id)


def _profile(name: str, body: ProfileBody) -> Profile:
    columns = (
        ProfileColumn(
            heading=one.heading,
            field=one.field,
            terms=tuple(Term(ours=term.ours, theirs=term.theirs) for term in one.terms),
            form=one.form,
            constant=one.constant,
        )
        for one in body.columns
    )
    return Profile(name=name, title=body.title, columns=tuple(columns), basis=body.basis, only_there=body.only_there)


def _shown(profiles: Profiles, name: str, day: date) -> ProfileShown:
    found = in_force_on(profiles, name, day) or Chosen(Profile(name=name, title="", columns=(), basis=""), "", None)
    profile = found.profile
    return ProfileShown(
        name=name,
        version=found.version,
        title=profile.title,
        basis=profile.basis,
        only_there=profile.only_there,
        columns=[ColumnBody.model_validate(column) for column in profile.columns],
        versions=[_version(profiles, one) for one in profiles.of(name)],
    )


def _version(profiles: Profiles, one: ProfileProposed) -> VersionShown:
    id = one.version_id
    return VersionShown(
        version_id=id,
        number=one.number,
        effective_on=one.effective_on,
        state="withdrawn" if id in profiles.withdrawn else "approved" if id in profiles.approved else "proposed",
        reason=one.reason,
        basis=one.profile.basis,
        columns=[ColumnBody.model_validate(column) for column in one.profile.columns],
    )
