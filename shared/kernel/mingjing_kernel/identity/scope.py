"""Scope (权限范围): what one caller may see and do; every query takes one.

The one rule: one policy decides an act (``allows``, ``may``) and renders the condition of a list, a count, an export, a
search (``where``, ``where_may``). There is no second one, and an empty scope yields nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, false, or_

from mingjing_kernel.identity.act import Act
from mingjing_kernel.identity.apart import Conflict, conflicts
from mingjing_kernel.identity.grant import (
    ANY,
    UNDIVIDED,
    Column,
    Columns,
    Dimensions,
    Grant,
    Value,
    condition,
    holds,
    widest,
)
from mingjing_kernel.identity.refusals import GrantMissing, OutsideScope, RolesConflict
from mingjing_kernel.identity.role import Role

PUBLIC_GRANT = Grant(Role.PUBLIC, ANY, ANY, ANY)


@dataclass(frozen=True, slots=True)
class Session:
    """What the token says about itself, for a list of what was revoked; empty where it says nothing.

    A token that does not say when it was issued counts as old: every revocation of its subject meets it.
    """

    session_id: str = ""
    token_id: str = ""
    client: str = ""
    issued_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls (调用者): a person, a service, or the anonymous public.

    ``subject`` is the token's ``sub``, stable for ever, and what stands as actor beside each fact. ``department``
    and ``region`` are the caller's own, for the record; what the caller may do is in ``grants`` alone. Who acts as a
    substitute has the grants of the person named in ``on_behalf_of``, and none of her own.
    """

    subject: str
    name: str = ""
    department: str = ""
    region: str = ""
    grants: tuple[Grant, ...] = ()
    kind: str = "person"
    on_behalf_of: str = ""
    session: Session = field(default=Session(), compare=False)

    @property
    def scope(self) -> Scope:
        """What the grants amount to; who has signed in does not lose what the public may see."""
        return Scope((*self.grants, PUBLIC_GRANT))

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody has signed in."""
        return self.kind == "public"

    def has(self, role: Role) -> bool:
        """Whether the caller holds the role anywhere."""
        return any(grant.role is role for grant in self.grants)


ANONYMOUS = Principal(subject="public", name="社会公众", kind="public")
"""Whoever looks up what is published, without signing in."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The union of some grants.

    All of ``department``, ``region`` and ``category`` must be given to ``allows`` and ``where``; a thing without
    such a dimension says so with ``UNDIVIDED``. ``holder`` is the organisation that holds the thing: banks,
    institutions and schools reach only what they hold, so without it they reach nothing.
    """

    grants: tuple[Grant, ...]
    conflicts: tuple[Conflict, ...] = field(init=False, repr=False, compare=False)
    """Grants that one person must not hold together; none of them is good for an act."""
    _able: dict[frozenset[Role], tuple[Grant, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look once for roles that must not be held together."""
        object.__setattr__(self, "conflicts", conflicts(self.grants) if len(self.grants) > 1 else ())
        object.__setattr__(self, "_able", {})

    @classmethod
    def none(cls) -> Scope:
        """Nothing at all: no row, no act."""
        return cls(())

    @classmethod
    def public(cls) -> Scope:
        """What anybody may look up; rows appear where the query names ``Role.PUBLIC`` among its roles."""
        return cls((PUBLIC_GRANT,))

    @classmethod
    def system(cls) -> Scope:
        """Everything: for the service's own automation, whose duties nobody separates. A request never gets it."""
        everything = cls(tuple(Grant(role, ANY, ANY, ANY, ANY) for role in Role))
        object.__setattr__(everything, "conflicts", ())
        return everything

    def allows(
        self,
        *,
        role: Role | Collection[Role],
        department: Value,
        region: Value,
        category: Value,
        holder: Value = UNDIVIDED,
    ) -> bool:
        """Whether the caller is within ``role`` (or one of several) for a thing with these dimensions: may see it."""
        values, wanted = Dimensions(department, region, category, holder), _several(role)
        return any(grant.role in wanted and holds(grant, values) for grant in self.grants)

    def where(
        self,
        *,
        roles: Role | Collection[Role],
        department: Column,
        region: Column,
        category: Column,
        holder: Column = UNDIVIDED,
    ) -> ColumnElement[bool]:
        """The same for rows: true exactly where ``allows`` is."""
        columns, wanted = Columns(department, region, category, holder), _several(roles)
        return _any(tuple(grant for grant in self.grants if grant.role in wanted), columns)

    def may(self, act: Act, dimensions: Dimensions) -> bool:
        """Whether the caller may do this to a thing with these dimensions, as far as grants go."""
        for grant in self._able.get(act.roles) or self._able_in(act.roles):  # noqa: SIM110 - see ``holds``
            if holds(grant, dimensions):
                return True
        return False

    def only_category(self, act: Act, department: str, region: str) -> str:
        """The one category for which the caller may do this there; nothing where she may for all, or for several."""
        able = self._able_in(act.roles)
        held = {one.category for one in able if holds(one, Dimensions(department, region, one.category))}
        return held.pop() if len(held) == 1 and ANY not in held else ""

    def where_may(self, act: Act, columns: Columns) -> ColumnElement[bool]:
        """The same for rows: true exactly where ``may`` is."""
        return _any(self._able_in(act.roles), columns)

    def require(self, act: Act, dimensions: Dimensions, *, seen: bool = True) -> None:
        """Raise ``OutsideScope`` unless the caller ``may``; it says which grant is missing, or which two clash.

        ``seen``: whether the caller may see the thing, or described it; else the refusal does not tell where it stands.
        """
        if not self.may(act, dimensions):
            raise self.refusal(act, dimensions, seen=seen)

    def refusal(self, act: Act, dimensions: Dimensions, *, seen: bool = True) -> OutsideScope:
        """Why the caller may not."""
        for conflict in self.conflicts:
            for grant in (conflict.first, conflict.second):
                if grant.role in act.roles and holds(grant, dimensions):
                    return RolesConflict(first=conflict.first.role, second=conflict.second.role)
        return GrantMissing(act=act, dimensions=dimensions) if seen else OutsideScope()

    def until(self, act: Act, dimensions: Dimensions) -> datetime | None:
        """Until when the caller may: the latest end of the grants that allow it now, ``None`` when one has no end.

        Ask only where ``may`` says yes.
        """
        ends = [grant.until for grant in self._able_in(act.roles) if holds(grant, dimensions)]
        return None if None in ends else max((end for end in ends if end is not None), default=None)

    def has(self, role: Role | Collection[Role]) -> bool:
        """Whether the caller holds the role anywhere: for menus, never instead of ``allows``."""
        wanted = _several(role)
        return any(grant.role in wanted for grant in self.grants)

    def _able_in(self, wanted: frozenset[Role]) -> tuple[Grant, ...]:
        """The grants that an act of these roles can stand on. Remembered: declared acts are few."""
        found = self._able.get(wanted)
        if found is None:
            spoilt = {grant for conflict in self.conflicts for grant in (conflict.first, conflict.second)}
            found = tuple(grant for grant in self.grants if grant.role in wanted and grant not in spoilt)
            self._able[wanted] = found
        return found


def _any(grants: tuple[Grant, ...], columns: Columns) -> ColumnElement[bool]:
    return or_(false(), *(condition(grant, columns) for grant in widest(grants)))


def _several(role: Role | Collection[Role]) -> Collection[Role]:
    """A role is text too; text is a collection of characters, which nobody means."""
    return (Role(role),) if isinstance(role, str) else role
