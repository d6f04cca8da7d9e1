"""Staff counts 从业人员数: how many each institution employs by the staff records, and how many of them teach.

One rule: they are shifted as people come and go (``Tally``), never counted anew; of a past day they are counted.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Uuid

from mingjing_kernel.projection import Key, Row, Tally
from mingjing_registry.projections.schema import METADATA

staff_counts_table = Table(
    "staff_counts",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("staff", Integer, nullable=False),
    Column("teachers", Integer, nullable=False),
)


def employer_of(row: Row) -> Key:
    """Whose staff a person is."""
    return (row["institution_id"],)


def counted(row: Row) -> dict[str, int]:
    """As what she counts: once while she is employed, and once more if she teaches."""
    return {"staff": int(row["is_employed"]), "teachers": int(row["is_employed"] and row["work"] == "teacher")}


STAFF_COUNTS = Tally(staff_counts_table, of=employer_of, amounts=counted)
