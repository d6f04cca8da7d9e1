"""Scope (权限范围): what one caller may see and do; every query takes one.

The one rule: one policy decides an act (``allows``) and renders the condition of a list, a count, an export, a
search (``where``). There is no second one, and an empty scope yields nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, false, or_

from mingjing_kernel.identity.grant import ANY, UNDIVIDED, Column, Dimension, Grant, Value, condition, holds
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
        """Everything: for the service's own automation. A request never gets it."""
        return cls(tuple(Grant(role, ANY, ANY, ANY, ANY) for role in Role))

    def allows(
        self,
        *,
        role: Role | Collection[Role],
        department: Value,
        region: Value,
        category: Value,
        holder: Value = UNDIVIDED,
    ) -> bool:
        """Whether the caller may act in ``role`` (or one of several) on a thing with these dimensions."""
        values: dict[Dimension, Value] = {
            "department": department,
            "region": region,
            "category": category,
            "holder": holder,
        }
        wanted = _several(role)
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
        columns: dict[Dimension, Column] = {
            "department": department,
            "region": region,
            "category": category,
            "holder": holder,
        }
        wanted = _several(roles)
        asked = dict.fromkeys(grant for grant in self.grants if grant.role in wanted)
        return or_(false(), *(condition(grant, columns) for grant in asked))

    def has(self, role: Role | Collection[Role]) -> bool:
        """Whether the caller holds the role anywhere: for menus, never instead of ``allows``."""
        wanted = _several(role)
        return any(grant.role in wanted for grant in self.grants)


def _several(role: Role | Collection[Role]) -> Collection[Role]:
    """A role is text too; text is a collection of characters, which nobody means."""
    return (Role(role),) if isinstance(role, str) else role
