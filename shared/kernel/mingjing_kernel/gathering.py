"""Questions asked together: while one is on its way, whoever asks next waits for it to return and goes with all others.

Of a crowd that comes at once each would ask PostgreSQL the same few things; a statement costs the driver more than what
it finds. The one rule: a question sees all that was committed before it was asked, so nobody joins one that has left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Generic, TypeAlias, TypeVar

KEYS_MAX: Final = 64
"""Of one asker: whoever wants more goes alone, so that nobody waits for a page of somebody else's."""
TOGETHER_MAX: Final = 512
"""Of one question."""
ON_THE_WAY_MAX: Final = 2

Key = TypeVar("Key")
Found = TypeVar("Found")
_Asked: TypeAlias = tuple[Sequence[Key], "asyncio.Future[Mapping[Key, Found]]"]


class Gathering(Generic[Key, Found]):
    """``question`` answers for several keys at once; what it does not find is missing in its answer. ``is_away`` tells
    that whoever answers is not to be had: asked again one by one, each asker would wait as long as all.
    """

    def __init__(
        self,
        question: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Found]]],
        is_away: Callable[[Exception], bool],
    ) -> None:
        self._question = question
        self._is_away = is_away
        self._waiting: list[_Asked[Key, Found]] = []
        self._on_the_way: set[asyncio.Task[None]] = set()

    async def ask(self, keys: Sequence[Key]) -> Mapping[Key, Found]:
        """What is found for these keys, and maybe for others. Raises what the question raises."""
        if len(keys) > KEYS_MAX:
            return await self._question(keys)
        done: asyncio.Future[Mapping[Key, Found]] = asyncio.get_running_loop().create_future()
        self._waiting.append((keys, done))
        self._go()
        return await done

    def _go(self) -> None:
        while self._waiting and len(self._on_the_way) < ON_THE_WAY_MAX:
            together = self._take()
            task = asyncio.create_task(self._carry(together))
            self._on_the_way.add(task)
            task.add_done_callback(self._returned)

    def _returned(self, task: asyncio.Task[None]) -> None:
        self._on_the_way.discard(task)
        self._go()

    def _take(self) -> list[_Asked[Key, Found]]:
        count = taken = 0
        for keys, _ in self._waiting:
            if taken and count + len(keys) > TOGETHER_MAX:
                break
            count += len(keys)
            taken += 1
        together = self._waiting[:taken]
        del self._waiting[:taken]
        return together

    async def _carry(self, together: list[_Asked[Key, Found]]) -> None:
        try:
            found = await self._question(list(dict.fromkeys(key for keys, _ in together for key in keys)))
        except Exception as trouble:
            await self._one_by_one(together, trouble)
        else:
            for _, done in together:
                _answer(done, found)
        finally:  # where the loop is ending, nobody waits for an answer that does not come
            for _, done in together:
                done.cancel()

    async def _one_by_one(self, together: list[_Asked[Key, Found]], trouble: Exception) -> None:
        """What one asker's keys raise is nobody else's: each is asked for alone, and told his own."""
        for keys, done in together:
            if done.done():  # whoever asked is gone
                continue
            if len(together) == 1 or self._is_everybodys(trouble):
                done.set_exception(trouble)
                continue
            try:
                found = await self._question(keys)
            except Exception as own:
                trouble = own
                if not done.done():
                    done.set_exception(own)
            else:
                _answer(done, found)

    def _is_everybodys(self, trouble: Exception) -> bool:
        return isinstance(trouble, TimeoutError) or self._is_away(trouble)


def _answer(done: asyncio.Future[Mapping[Key, Found]], found: Mapping[Key, Found]) -> None:
    if not done.done():
        done.set_result(found)
