"""Addresses 地址: the teaching sites in a cell, each in one spelling and located in town and grid.

One rule: a site whose town is unknown is taken, with empty codes and a request to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from mingjing_registry.domain.division import Division
from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.domain.site import Place
from mingjing_registry.sources.cells import Report, tight

_BREAK = re.compile(r"[\n;；、]+")
_NUMBERING = re.compile(r"^\d{1,2}[.．、)]")


def read_sites(
    held: Cell, further: Cell, town: Cell, division: Division, stated_on: date | None, report: Report
) -> tuple[Place, ...]:
    """All sites of a row: the cell, the cell for further ones, and the town column as a check."""
    here, there = _split(held.text), _split(further.text)
    _say_replaced((*here, *there), division, stated_on, report)
    places = tuple(dict.fromkeys(place(text, division, report) for text in (*here, *there)))
    if not places:
        report(Problem(code="address-missing", field="sites"))
        return ()
    if there:
        report(Problem(code="sites-in-two-columns", field="sites", suggestion=str(len(places))))
    elif len(here) > 1:
        report(Problem(code="several-sites", field="sites", written=held.text, suggestion=str(len(places))))
    stated = division.town(tight(town.text)) if town.text else None
    if stated is not None and places[0].town_code and stated.code != places[0].town_code:
        report(
            Problem(
                code="town-contradicts-address",
                field="town",
                written=town.text,
                suggestion=places[0].address,
            )
        )
    return places


def _say_replaced(texts: Iterable[str], division: Division, stated_on: date | None, report: Report) -> None:
    """Name what stands now for a county or town that was no more on the day that the list describes."""
    found = dict.fromkeys(filter(None, (division.replaced_in(tight(text)) for text in texts)))
    for gone in found:
        if stated_on is None or stated_on > gone.last_day:
            successor = gone.successor_names
            report(Problem(code="division-replaced", field="sites", written=gone.name, suggestion=successor))


def place(text: str, division: Division, report: Report) -> Place:
    """One address, located."""
    address = division.addressed(tight(text))
    town = division.town_in(address)
    if town is None:
        report(Problem(code="division-unknown", field="sites", written=text))
        return Place(address=address, town_code="", grid_code="")
    return Place(address=address, town_code=town.code, grid_code=division.grid_code(town, address))


def _split(text: str) -> list[str]:
    if not text:
        return []
    parts = (_NUMBERING.sub("", part.strip()) for part in _BREAK.split(text))
    return [part for part in parts if part.strip()]
