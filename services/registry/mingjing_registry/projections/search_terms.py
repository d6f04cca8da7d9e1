"""Search terms 检索词: the pairs of characters by which an institution is found, in its names, numbers and addresses.

Not a list for people. One rule: it narrows a search down and decides nothing: whoever asks still looks at the rows
themselves, so a search finds the same with it as without. Two characters are the shortest search, and what an index of
three (pg_trgm) finds nothing for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, Select, Table, Text, Uuid, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.institution import InstitutionAmended, InstitutionRegistered, NameNoted
from mingjing_registry.domain.licence import LicenceApproved, LicenceRecorded
from mingjing_registry.domain.site import SiteApproved, SiteClosed
from mingjing_registry.projections.schema import METADATA

CHARACTERS_MIN = 2
PAIRS_MAX = 12
"""Of one search: more would not narrow it down further, and each costs a look."""
NUMBER_MARK = "="
"""Before a number that is only ever asked for as a whole: its digits in pairs are everybody's."""

_COMMON_WORDS = (
    "艺术培训学校", "教育培训学校", "文化培训学校", "体育培训学校", "科技培训学校", "教育培训中心", "文化艺术培训中心",
    "教育科技有限公司", "文化艺术有限公司", "教育咨询有限公司", "体育有限公司", "文化科技有限公司", "有限责任公司",
)  # fmt: skip
"""What institutions of this trade call themselves: pairs out of these lead to every third of them."""

search_terms_table = Table(
    "search_terms",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("names", JSONB, nullable=False),
    Column("numbers", JSONB, nullable=False),
    Column("addresses", JSONB, nullable=False),
    Column("pairs", ARRAY(Text), nullable=False),
)
Index("search_terms_pairs", search_terms_table.c.pairs, postgresql_using="gin")


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution; a site's facts name theirs."""
    match fact.event:
        case SiteApproved(institution_id=institution_id) | SiteClosed(institution_id=institution_id):
            yield (institution_id,)
        case InstitutionRegistered() | InstitutionAmended() | NameNoted() | LicenceRecorded() | LicenceApproved():
            yield (fact.id,)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact. A name or number that was ever used stays: a search may be of a former one."""
    before = row or {"institution_id": key[0], "names": [], "numbers": [], "addresses": {}}
    after = before | _changed(before, fact)
    texts = (*after["names"], *after["addresses"].values())
    pairs = {pair for text in texts for pair in pairs_of(text)} | {NUMBER_MARK + one for one in after["numbers"]}
    return after | {"pairs": sorted(pairs)}


def _changed(before: Row, fact: Recorded[Any]) -> Row:
    match fact.event:
        case InstitutionRegistered(particulars=stated) | InstitutionAmended(particulars=stated):
            names = (stated.name, *stated.former_names)
            return {"names": _with(before["names"], *names), "numbers": _with(before["numbers"], stated.uscc)}
        case NameNoted(name=name):
            return {"names": _with(before["names"], name)}
        case LicenceRecorded(terms=terms) | LicenceApproved(terms=terms):
            return {"numbers": _with(before["numbers"], terms.number)}
        case SiteApproved(place=place):
            return {"addresses": before["addresses"] | {str(fact.id): place.address}}
        case _:
            return {"addresses": {id: text for id, text in before["addresses"].items() if id != str(fact.id)}}


def _with(before: list[str], *added: str) -> list[str]:
    return [*before, *(one for one in dict.fromkeys(added) if one and one not in before)]


SEARCH_TERMS_READ = ReadModel(
    name="search_terms", table=search_terms_table, nouns=("institution", "site"), keys=keys, fold=fold
)


def pairs_of(text: str) -> list[str]:
    """Every two characters that stand side by side."""
    return [text[at : at + CHARACTERS_MIN] for at in range(len(text) - 1)]


COMMON_PAIRS = frozenset(pair for word in _COMMON_WORDS for pair in pairs_of(word))


def candidates(search: str) -> Select[Any] | None:
    """Ids of all institutions that the search may mean, and of others; ``None`` where it is too short or too common to
    tell: whoever reads all rows in order has a page of a common word sooner than whoever looks each of its many up.
    """
    rows = search_terms_table.c
    pairs = list(dict.fromkeys(pairs_of(search)))
    if COMMON_PAIRS.issuperset(pairs):
        return None
    narrowing = _holds(pairs[:: -(-len(pairs) // PAIRS_MAX)])
    numbers = (_holds([NUMBER_MARK + number]) for number in dict.fromkeys((search, search.upper())))
    return select(rows.institution_id).where(or_(narrowing, *numbers))


def _holds(pairs: list[str]) -> ColumnElement[bool]:
    return search_terms_table.c.pairs.contains(pairs)
