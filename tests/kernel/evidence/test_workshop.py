"""The worker for strangers' files: what it does to itself, it does to nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kernel.evidence.deeds import answer, die, eat, refuse, sleep_for_ever
from mingjing_kernel.evidence.refusals import EvidenceUnreadable, WorkshopBusy
from mingjing_kernel.evidence.workshop import Workshop


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    made = Workshop()
    yield made
    await made.stop()


async def test_a_worker_answers_and_its_refusals_are_refusals_here(workshop: Workshop) -> None:
    assert await workshop.run(answer, 1) == 2
    with pytest.raises(EvidenceUnreadable) as found:
        await workshop.run(refuse)
    assert found.value.values["claimed"] == "image/png"


async def test_a_worker_that_is_lost_takes_too_long_or_eats_too_much_is_replaced(workshop: Workshop) -> None:
    for deadly, seconds in ((die, 60.0), (eat, 60.0), (sleep_for_ever, 0.5)):
        with pytest.raises(WorkshopBusy):
            await workshop.run(deadly, seconds=seconds)
        assert await workshop.run(answer, 1) == 2
