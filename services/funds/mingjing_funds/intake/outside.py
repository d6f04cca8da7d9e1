"""What the alert rules remember of institutions (机构外部信号): complaints, patrols, staff, licence, lists, deposits.

The one rule: it is remembered of the institution, whether or not it has an account: the account may come later.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from mingjing_funds.domain import deposit, institution, sign_facts
from mingjing_funds.domain.alerting.fold import told
from mingjing_funds.domain.alerting.fold_sign import unsaid
from mingjing_funds.domain.alerting.heard import Heard
from mingjing_funds.domain.alerting.state import UNKNOWN, State

NOUNS: Final = frozenset({"sign", "deposit", "prepaid", "institution"})
"""Streams on which it is told."""


class Outside:
    """Every institution, as far as the log was read."""

    def __init__(self) -> None:
        self.particulars: dict[UUID, institution.Particulars] = {}
        self.complaints_to: date | None = None
        """Up to when anybody's complaints were heard of; nothing: nobody tells of complaints here."""
        self.registry_to: date | None = None
        self._states: dict[UUID, State] = {}
        self._blocked: set[UUID] = set()
        self._deposits: dict[UUID, UUID] = {}

    def state(self, id: UUID | None) -> State:
        """What is told of an institution."""
        return self._states.get(id, UNKNOWN) if id else UNKNOWN

    def is_subject(self, id: UUID | None) -> bool:
        """Whether it teaches school subjects."""
        found = self.particulars.get(id) if id else None
        return found is not None and found.is_subject

    def is_licensed(self, id: UUID) -> bool:
        """Whether it is known since when it may teach, and nobody has withdrawn that."""
        licence = self.state(id).licence
        return licence is not None and licence.granted_on is not None and id not in self._blocked

    def hear(self, id: UUID, fact: Any, on: date) -> set[UUID]:
        """One fact of these streams; of which institutions something else is known now."""
        match fact:
            case institution.InstitutionNoted():
                self.particulars[id] = fact.particulars
                self.registry_to = max(on, self.registry_to or on)
            case institution.ChargingBlocked():
                self._blocked.add(id)
            case institution.ChargingAllowed():
                self._blocked.discard(id)
            case sign_facts.ComplaintNoted() | sign_facts.ComplaintMoved() | sign_facts.ComplainantsNoted():
                self.complaints_to = max(on, self.complaints_to or on)
            case deposit.DepositFiled() if fact.holder.institution_id is not None:
                self._deposits[id] = fact.holder.institution_id
            case _:
                pass
        return self._tell(id, fact, on)

    def _tell(self, id: UUID, fact: Any, on: date) -> set[UUID]:
        about = self._deposits.get(id) or getattr(fact, "institution_id", id)
        if about is None:
            return set()
        touched: set[UUID] = set()
        if isinstance(fact, sign_facts.ComplaintMoved) and fact.before is not None:
            self._states[fact.before] = unsaid(self.state(fact.before), str(id))
            touched.add(fact.before)
        before = self.state(about)
        after = told(before, Heard(on, fact, str(id)))
        if after is not before:
            self._states[about] = after
            touched.add(about)
        return touched
