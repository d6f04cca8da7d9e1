"""The ledger as a platform wants it 按平台口径导出: one row an institution by an approved export profile.

One rule: a file says by which profile and version it was made and which position of the log it shows; the same three
give the same rows for ever.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, answer_list, asked
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_registry.api.ledger import settled_position
from mingjing_registry.codec import EXPORT_PROFILES
from mingjing_registry.domain.export_profile import FIELDS, Profile, ProfileColumn, Profiles
from mingjing_registry.domain.export_refusals import ProfileUnknown, ProfileVersionNotInForce, ProfileVersionUnknown
from mingjing_registry.projections.ledger_lines import LISTS, lines_in
from mingjing_registry.sources.export_profiles import SHIPPED_VERSION, shipped

NAME = r"^[a-z][a-z0-9-]{0,59}$"
PROFILE_HEADER = "Mingjing-Export-Profile"
POSITION_HEADER = "Mingjing-As-Of-Position"


PROFILES_ID = derived_id("export-profiles")
"""The one stream of all profiles: there are few, and they change seldom."""


class Chosen(NamedTuple):
    """A profile that counts, and by which version."""

    profile: Profile
    version: str
    version_id: UUID | None


class Nothing(BaseModel):
    """An export has no pages."""


def make_router(kit: Kit) -> Router:
    """One address a profile."""
    router = Router(prefix="/ledger/exports", tags=["ledger 台账"])

    @router.get("/{name}", summary="按平台口径导出 the ledger by an export profile", response_class=Response)
    async def export_ledger(
        name: str,
        version: UUID | None = Query(default=None, description="An approved version; the one in force by default"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """XLSX unless ``format`` asks for CSV or one JSON document; headers and file name say what it shows."""
        chosen = await chosen_for(kit, name, shanghai_date(kit.now()), version)
        at = await settled_position(kit, as_of)
        listing = _listing(scope, chosen, at)
        how = Asked(
            format="xlsx" if asked.format == "json" else asked.format,
            language=asked.language,
            as_of=f"{asked.as_of} @{at}".strip(),
            exported_at=asked.exported_at,
        )
        response = await answer_list(listing, how, kit.connection, Nothing)
        assert isinstance(response, Response)  # an export is never a page
        response.headers[PROFILE_HEADER] = f"{name}/{chosen.version}"
        response.headers[POSITION_HEADER] = str(at)
        return response

    return router


async def profiles_of(kit: Kit) -> Profiles:
    """Every profile that was proposed, read from the log itself."""
    state: Profiles = (await kit.log.state(EXPORT_PROFILES, PROFILES_ID))[0]
    return state


async def chosen_for(kit: Kit, name: str, day: date, version_id: UUID | None = None) -> Chosen:
    """The profile in force, or one version of it that was approved. Raises ``ProfileUnknown`` and others."""
    profiles = await profiles_of(kit)
    if version_id is not None:
        one = profiles.proposed.get(version_id)
        if one is None or one.profile.name != name:
            raise ProfileVersionUnknown
        if version_id not in profiles.approved:
            raise ProfileVersionNotInForce
        return Chosen(one.profile, str(one.number), version_id)
    found = in_force_on(profiles, name, day)
    if found is None:
        known = sorted({*shipped(), *(one.profile.name for one in profiles.proposed.values())})
        raise ProfileUnknown(name=name, known=", ".join(known))
    return found


def in_force_on(profiles: Profiles, name: str, day: date) -> Chosen | None:
    """What counts on a day: the version approved, else what ships."""
    if (one := profiles.on(name, day)) is not None:
        return Chosen(one.profile, str(one.number), one.version_id)
    return Chosen(shipped()[name], SHIPPED_VERSION, None) if name in shipped() else None


def _listing(scope: Scope, chosen: Chosen, at: int) -> Listing:
    profile, version = chosen.profile, chosen.version.replace("/", "-")
    statement = lines_in(scope, profile, at)
    rows = statement.selected_columns
    title = f"{profile.title}（{profile.name} {chosen.version}）"
    return Listing(
        name=f"{profile.name}-{version}-at-{at}",
        title=(title, title),
        statement=statement,
        keys=(rows.region, rows.name, rows.institution_id),
        columns=tuple(_column(n, column) for n, column in enumerate(profile.columns)),
    )


def _column(n: int, column: ProfileColumn) -> Column:
    kind = FIELDS.get(column.field, "text")
    if column.field in LISTS or (kind == "date" and column.form):
        kind = "text"
    if column.form == "fen":
        kind = "integer"
    return Column(f"column_{n}", column.heading, column.heading, kind)
