"""The base ledger line by line, as an export profile wants it: its columns, in its words and forms.

One rule: what a profile says becomes an expression of the database, so a file of any size is written as it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Text, case, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from mingjing_kernel.identity import Scope
from mingjing_registry.acts_ledger import LEDGER_READERS
from mingjing_registry.domain.export_profile import FIELDS, Profile, ProfileColumn, Term
from mingjing_registry.projections.dossiers import DOSSIERS_READ
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.ledger import LEDGER_READ
from mingjing_registry.projections.ledger_figures import staff_counts
from mingjing_registry.projections.prepaid_amounts import amounts_at
from mingjing_registry.projections.sites import SITES_READ
from mingjing_registry.projections.survey_counts import surveyed

LISTS = frozenset({"former_names", "categories", "items", "stages"})
"""Fields that hold several values: each in the platform's words, joined."""
BETWEEN = "、"
_TO_CHAR = {"YYYY年MM月DD日": 'YYYY"年"MM"月"DD"日"'}
_OF = {
    "institution": ("name", "former_names", "uscc", "categories", "items", "legal_representative", "phone",
                    "licence_number", "issued_on", "expires_on", "annual_check", "is_white", "custody_bank"),
    "dossier": ("stages", "organizer"),
    "amount": ("pupils", "contracts_open", "balance_fen", "unconsumed_fen"),
    "line": ("nature", "kind", "category", "mode", "department", "region", "licence_state", "begun_on", "ended_on",
             "ended_how", "operation_state", "sites", "floor_area_m2", "staff_stated", "students_stated"),
}  # fmt: skip
"""Where each field stands under its own name; the others are made below."""


def lines_in(scope: Scope, profile: Profile, at: int | None = None) -> Select[Any]:
    """One row an institution that a reader may see: ``column_0`` and so on as the profile names them, after what the
    list is ordered by.
    """
    lines = LEDGER_READ.at(at).alias("line")
    rows: Any = lines.c
    institutions = INSTITUTIONS_READ.at(at).alias("institution")
    joined: FromClause = lines.join(institutions, institutions.c.institution_id == rows.institution_id)
    tables: dict[str, Any] = {"line": rows, "institution": institutions.c}
    needed = {column.field for column in profile.columns}
    mine = scope.where(roles=LEDGER_READERS, department=rows.department, region=rows.region, category=rows.category)
    for name, (fields, make) in _JOINED.items():
        if needed & fields:
            table = make(at, select(rows.institution_id).where(mine))
            joined = joined.outerjoin(table, table.c.institution_id == rows.institution_id)
            tables[name] = table.c
    shown = [_shown(column, tables).label(f"column_{n}") for n, column in enumerate(profile.columns)]
    statement = (
        select(rows.institution_id, rows.region, institutions.c.name, *shown)
        .select_from(joined)
        .where(institutions.c.name != "")
        .where(mine)
    )
    return statement.where(rows.is_there) if profile.only_there else statement


def _dossiers(at: int | None, _whose: Select[Any]) -> FromClause:
    return DOSSIERS_READ.at(at).alias("dossier")


def _amounts(at: int | None, _whose: Select[Any]) -> FromClause:
    return amounts_at(at).alias("amount")


def _addresses(at: int | None, _whose: Select[Any]) -> FromClause:
    """The approved sites of each institution, in one text."""
    rows = SITES_READ.at(at).alias("place").c
    joined = func.string_agg(rows.address, aggregate_order_by(literal("；"), rows.address))
    return (
        select(rows.institution_id, joined.label("addresses"))
        .where(rows.state == "approved")
        .group_by(rows.institution_id)
        .subquery("addresses")
    )


_JOINED: dict[str, tuple[frozenset[str], Callable[[int | None, Select[Any]], FromClause]]] = {
    "dossier": (frozenset(_OF["dossier"]), _dossiers),
    "amount": (frozenset(_OF["amount"]) | {"prepaid_on"}, _amounts),
    "staff": (frozenset({"staff_recorded", "teachers_recorded"}), staff_counts),
    "surveys": (frozenset({"pupils_surveyed"}), surveyed),
    "addresses": (frozenset({"addresses"}), _addresses),
}


def _shown(column: ProfileColumn, tables: dict[str, Any]) -> ColumnElement[Any]:
    if not column.field:
        return literal(column.constant)
    value = _value(column.field, tables)
    if column.field in LISTS:
        return _joined(value, column.terms)
    match FIELDS[column.field]:
        case "date" if column.form:
            return func.to_char(value, _TO_CHAR.get(column.form, column.form))
        case "text":
            return _worded(value, column.terms)
        case _:
            return value


def _value(name: str, tables: dict[str, Any]) -> ColumnElement[Any]:
    for table, fields in _OF.items():
        if name in fields:
            value: ColumnElement[Any] = tables[table][name]
            return case((value, "是"), else_="否") if name == "is_white" else value
    match name:
        case "county":
            return func.left(tables["line"].region, 6)
        case "prepaid_on":
            return tables["amount"].stated_on  # type: ignore[no-any-return]
        case "staff_recorded":
            return tables["staff"].staff  # type: ignore[no-any-return]
        case "teachers_recorded":
            return tables["staff"].teachers  # type: ignore[no-any-return]
        case "pupils_surveyed":
            return tables["surveys"].pupils  # type: ignore[no-any-return]
        case "addresses":
            return tables["addresses"].addresses  # type: ignore[no-any-return]
        case _:
            raise LookupError(f"the ledger has no field {name!r}")


def _worded(value: ColumnElement[Any], terms: Iterable[Term]) -> ColumnElement[Any]:
    words = {term.ours: term.theirs for term in terms}
    return case(words, value=value, else_=value) if words else value


def _joined(value: ColumnElement[Any], terms: Iterable[Term]) -> ColumnElement[Any]:
    """Every value of a list in the platform's words, in its own order."""
    elements = (
        func.jsonb_array_elements_text(value).table_valued("value", with_ordinality="place").render_derived("element")
    )
    word = _worded(elements.c.value.cast(Text), terms)
    text = func.string_agg(word, aggregate_order_by(literal(BETWEEN), elements.c.place))
    return select(text).select_from(elements).scalar_subquery()
