"""A letter of the bank takes back what was stopped, but not against the bank's own answer that it is too late."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from mingjing_funds.api import with_account
from mingjing_funds.domain.contract_refusals import InstructionUnderWay
from mingjing_funds.domain.recall import Recall


class Asked:
    """As much of a service as the question needs; its account is not open any more."""

    log: Any = None

    def __init__(self) -> None:
        self.log = self

    async def up_to_date(self) -> None:
        return

    async def state(self, *_asked: Any) -> tuple[None, int]:
        return None, 0

    @asynccontextmanager
    async def connection(self) -> Any:
        yield None


@pytest.mark.parametrize("recall", [Recall.NONE, Recall.ASKED, Recall.REFUSED])
async def test_no_letter_counts_against_the_banks_answer(recall: Recall, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stopped(*_asked: Any) -> tuple[str, str]:
        return "stopped", recall.value

    monkeypatch.setattr(with_account, "standing_of", stopped)
    kit: Any = Asked()
    if recall is not Recall.REFUSED:
        assert await with_account.recall_of(kit, UUID(int=1), "BF1", "函9") == "函9"
        return
    with pytest.raises(InstructionUnderWay):
        await with_account.recall_of(kit, UUID(int=1), "BF1", "函9")
