"""The streams that a service has which seals personal data; it names them among its aggregates."""

from __future__ import annotations

from typing import Final

from mingjing_kernel.log import Aggregate
from mingjing_kernel.policy import POLICY
from mingjing_kernel.sealed.retention import RETENTION
from mingjing_kernel.sealed.subject import SUBJECT
from mingjing_kernel.sealed.unsealer import UNSEALER

SEALING: Final[tuple[Aggregate, ...]] = (SUBJECT, UNSEALER, POLICY, RETENTION)
