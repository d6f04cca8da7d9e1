"""Feed of the lists 名单变动: entries and exits of the white and the black list in the order of the log, and who has
acknowledged them.

One rule: whoever leaves a list, the black one or the white one, is passed on until everybody has it; and the entry of a
listing that is over is passed on to nobody any more: whoever asks from the beginning hears of it only that it is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    Label,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    case,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import EVERYONE, OFFICIALS, UNDIVIDED, Columns, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.acts import LIST_TAKERS, REMIND_CONSUMERS
from mingjing_registry.domain import list_consumer as c
from mingjing_registry.domain.blacklist_facts import BlacklistPublished, BlacklistRemoved
from mingjing_registry.domain.whitelist import BLACKLIST_ENDED, Standing, WhitelistEntered, WhitelistLeft
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.schema import METADATA

ENTERED, LEFT = "entered", "left"

movements_table = Table(
    "list_movements",
    METADATA,
    Column("thing_id", Uuid, primary_key=True),
    Column("movement_number", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False, index=True),
    Column("list", Text, nullable=False),
    Column("movement", Text, nullable=False),
    Column("institution_id", Uuid),
    Column("name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("is_over", Boolean, nullable=False),
)
Index("list_exits", movements_table.c.position, postgresql_where=movements_table.c.movement == LEFT)

consumers_table = Table(
    "list_consumers",
    METADATA,
    Column("consumer_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("lists", JSONB, nullable=False),
    Column("department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("acknowledged", BigInteger, nullable=False),
    Column("acknowledged_on", Date),
    Column("reminders", Integer, nullable=False),
    Column("reminded_on", Date),
    Column("registered_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
)


def movement_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a movement, numbered by the version of its stream; a listing has its entry (0) and its end (1)."""
    match fact.event:
        case WhitelistEntered() | WhitelistLeft():
            yield fact.id, fact.version
        case BlacklistPublished(is_public=True):
            yield fact.id, 0
        case BlacklistRemoved(was_public=True):
            yield fact.id, 0
            yield fact.id, 1
        case _:
            return


def fold_movement(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row of the movement; the end of a listing empties its entry."""
    match fact.event:
        case WhitelistEntered() as event:
            return _moved(key, fact, "white", ENTERED, event.reason.value) | {"institution_id": fact.id}
        case WhitelistLeft() as event:
            return _moved(key, fact, "white", LEFT, event.reason.value) | {"institution_id": fact.id}
        case BlacklistPublished() as event:
            named = {"institution_id": event.institution_id, "name": event.name, "code": event.code}
            return _moved(key, fact, "black", ENTERED, event.grade.value) | named
        case BlacklistRemoved() if key[1] == 0:
            return None if row is None else row | {"name": "", "code": "", "institution_id": None, "is_over": True}
        case BlacklistRemoved() as event:
            return _moved(key, fact, "black", LEFT, event.cause)
        case _:
            return row


def _moved(key: Key, fact: Recorded[Any], list_name: str, movement: str, reason: str) -> Row:
    return {
        "thing_id": key[0],
        "movement_number": key[1],
        "position": fact.position,
        "list": list_name,
        "movement": movement,
        "institution_id": None,
        "name": "",
        "code": "",
        "reason": reason,
        "on": fact.event.on,
        "is_over": False,
    }


def consumer_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a consumer."""
    yield (fact.id,)


def fold_consumer(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """Who takes the lists, and how far it is."""
    match fact.event:
        case c.ConsumerRegistered(consumer=consumer, from_position=position, on=on):
            is_new = row is None or not row["is_active"]
            before = _NEW | {"acknowledged": position, "registered_on": on} if is_new or row is None else row
            return before | {
                "consumer_id": key[0],
                "kind": consumer.kind,
                "name": consumer.name,
                "contact": consumer.contact,
                "organisation": consumer.organisation,
                "lists": list(consumer.lists),
                "department": consumer.department,
                "region": consumer.region,
                "is_active": True,
                "version": fact.version,
            }
        case c.ListsAcknowledged(position=position, on=on) if row is not None:
            return row | {"acknowledged": position, "acknowledged_on": on, "version": fact.version}
        case c.ConsumerReminded(on=on) if row is not None:
            return row | {"reminders": row["reminders"] + 1, "reminded_on": on, "version": fact.version}
        case c.ConsumerRetiredFromLists() if row is not None:
            return row | {"is_active": False, "version": fact.version}
        case _:
            return row


_NEW: Row = {"acknowledged_on": None, "reminders": 0, "reminded_on": None}

MOVEMENTS_READ = ReadModel(
    name="list_movements",
    table=movements_table,
    nouns=("institution", "blacklisting"),
    keys=movement_keys,
    fold=fold_movement,
)
CONSUMERS_READ = ReadModel(
    name="list_consumers",
    table=consumers_table,
    nouns=("list-consumer",),
    keys=consumer_keys,
    fold=fold_consumer,
    history=True,
)


def feed_after(scope: Scope, position: int, lists: Iterable[str]) -> Select[Any]:
    """Movements of these lists after a position, in order. The law publishes them: everybody sees the same."""
    anybody = scope.where(roles=EVERYONE, department=UNDIVIDED, region=UNDIVIDED, category=UNDIVIDED)
    rows, known = movements_table.c, INSTITUTIONS_READ.table.c
    live = movements_table.alias("other").c
    is_told = (
        select(live.thing_id)
        .where(
            live.list == "black", live.movement == ENTERED, ~live.is_over, live.institution_id == rows.institution_id
        )
        .exists()
    )
    hushed = and_(rows.reason == Standing.BLACKLISTED.value, ~is_told)
    return (
        select(
            rows.position,
            rows.list,
            rows.movement,
            rows.thing_id,
            rows.institution_id,
            func.coalesce(func.nullif(rows.name, ""), known.name, "").label("name"),
            func.coalesce(func.nullif(rows.code, ""), known.uscc, "").label("code"),
            case((hushed, BLACKLIST_ENDED), else_=rows.reason).label("reason"),
            rows.on,
        )
        .select_from(movements_table.outerjoin(INSTITUTIONS_READ.table, known.institution_id == rows.institution_id))
        .where(rows.position > position, ~rows.is_over, rows.list.in_(list(lists)), anybody)
        .order_by(rows.position)
    )


def consumers_in(scope: Scope, *, at: int | None = None) -> Select[Any]:
    """Who takes the lists, for officials, with how many exits each has not acknowledged."""
    table = CONSUMERS_READ.at(at)
    rows = table.c
    return select(*(rows[name] for name in CONSUMERS_READ.columns), _removals_owed(table)).where(
        rows.is_active,
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=UNDIVIDED),
    )


def own_standing(scope: Scope) -> Select[Any]:
    """The offices that the caller takes the lists for: how far each is, what it owes, and when it was reminded."""
    rows = consumers_table.c
    mine = scope.where(
        roles=LIST_TAKERS,
        department=rows.department,
        region=rows.region,
        category=UNDIVIDED,
        holder=rows.organisation,
    )
    shown = (rows.consumer_id, rows.name, rows.acknowledged, rows.reminders, rows.reminded_on)
    return select(*shown, _removals_owed(consumers_table)).where(rows.is_active, mine).order_by(rows.consumer_id)


def behind(scope: Scope) -> Select[Any]:
    """Each exit from a list with each consumer that owes its acknowledgement, within what the caller may chase."""
    rows, moved = consumers_table.c, movements_table.c
    mine = scope.where_may(REMIND_CONSUMERS, Columns(rows.department, rows.region, UNDIVIDED))
    return (
        select(
            rows.consumer_id,
            rows.kind,
            rows.name,
            rows.contact,
            rows.region,
            rows.reminders,
            rows.reminded_on,
            moved.position,
            moved.list,
            moved.thing_id,
            moved.on.label("removed_on"),
        )
        .where(rows.is_active, _owes(rows), moved.position > rows.acknowledged, mine)
        .order_by(moved.position, rows.consumer_id)
    )


def owing(scope: Scope, *, after: UUID) -> Select[Any]:
    """Each consumer that owes an acknowledgement, with its oldest exit, within what the caller may chase."""
    rows, moved = consumers_table.c, movements_table.c
    mine = scope.where_may(REMIND_CONSUMERS, Columns(rows.department, rows.region, UNDIVIDED))
    return (
        select(
            rows.consumer_id,
            rows.department,
            rows.region,
            func.min(moved.position).label("position"),
            func.min(moved.on).label("removed_on"),
            func.count().label("owed"),
        )
        .where(rows.is_active, _owes(rows), moved.position > rows.acknowledged, rows.consumer_id > after, mine)
        .group_by(rows.consumer_id)
        .order_by(rows.consumer_id)
    )


def _removals_owed(table: Any) -> Label[int]:
    """How many exits a consumer has not acknowledged."""
    rows = table.c
    counted = select(func.count()).select_from(movements_table)
    owed = counted.where(_owes(rows), movements_table.c.position > rows.acknowledged)
    return owed.correlate(table).scalar_subquery().label("removals_owed")


def _owes(rows: Any) -> Any:
    moved = movements_table.c
    return and_(moved.movement == LEFT, rows.lists.has_key(moved.list))
