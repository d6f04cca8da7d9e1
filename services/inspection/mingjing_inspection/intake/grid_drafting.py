"""Taking a file of grids in: read, convert, check beside what the draft has, and say what came of it.

One rule: a preview and the draft itself go the same way; only the draft is written down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from mingjing_inspection.domain.grid_problems import Problem
from mingjing_inspection.domain.grid_version import Undrafted, Version
from mingjing_inspection.domain.grid_version_facts import Area, Aside
from mingjing_inspection.geometry.coordinates import System
from mingjing_inspection.geometry.drafting import County, Sizes, take
from mingjing_inspection.geometry.geojson import read_features
from mingjing_inspection.geometry.topology import whole_problems
from mingjing_inspection.intake.grid_book import Service
from mingjing_inspection.policy.grid_rules import GRID_SIZE
from mingjing_kernel.clock import Clock, shanghai_date
from mingjing_kernel.divisions import town_names
from mingjing_kernel.policy import in_force

FILE_MARK = 8
"""Digits of a file's digest that tell its nameless features from another's."""


class Drafter(Service, Protocol):
    """What it needs of the service beside looking up."""

    @property
    def now(self) -> Clock:
        """The clock."""
        ...


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a file comes to; ``problems`` are of the draft as it would stand after it."""

    digest: str
    areas: tuple[Area, ...]
    aside: tuple[Aside, ...]
    problems: tuple[Problem, ...]


async def draft_of(service: Drafter, content: bytes, system: System, version: Version) -> Drafted:
    """A file beside what the version has. Raises what a file that cannot be read is refused with."""
    county = service.settings.county_code
    numbers = await in_force(service.log, GRID_SIZE, shanghai_date(service.now()), county)
    sizes = Sizes(least=numbers["least"], most=numbers["most"], points=numbers["points"])
    wanted = County(code=county, towns=town_names(county).keys(), sizes=sizes)
    known: Mapping[str, Area] = {} if isinstance(version, Undrafted) else version.areas
    return await asyncio.to_thread(_reckoned, content, system, known, wanted)


async def problems_of(areas: Mapping[str, Area]) -> list[Problem]:
    """What is wrong with a draft as a whole; reckoned beside the loop, for a county takes a second."""
    return await asyncio.to_thread(whole_problems, areas)


def _reckoned(content: bytes, system: System, known: Mapping[str, Area], county: County) -> Drafted:
    digest = sha256(content).hexdigest()
    taken = take(read_features(content, system), known, county, digest[:FILE_MARK])
    after = {**known, **{area.code: area for area in taken.areas}}
    return Drafted(digest, taken.areas, taken.aside, tuple(whole_problems(after)))
