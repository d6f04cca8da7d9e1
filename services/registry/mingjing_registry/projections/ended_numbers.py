"""Ended numbers 失效许可证编号 in a row: what ``domain/ended_number.py`` says of them, as the row keeps it."""

from __future__ import annotations

from datetime import date

from mingjing_kernel.projection import Row
from mingjing_registry.domain import licence
from mingjing_registry.domain.ended_number import EndedNumber, ended_after

_ENDING = (
    licence.LicenceRecorded,
    licence.LicenceApproved,
    licence.LicenceRenewed,
    licence.LicenceRevoked,
    licence.LicenceCancelled,
    licence.LicenceExpired,
)


def ended_rows(before: Row, event: object) -> list[Row]:
    """The numbers under which nobody teaches any more, as ``ended_number.py`` says."""
    ended: list[Row] = before["ended_numbers"]
    if not isinstance(event, _ENDING):
        return ended
    known = tuple(EndedNumber(number=one["number"], how=one["how"], on=date.fromisoformat(one["on"])) for one in ended)
    after = ended_after(known, before["licence_number"], event)
    return [{"number": one.number, "how": one.how, "on": one.on.isoformat()} for one in after]
