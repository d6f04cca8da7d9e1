"""What is made and changed by the thousand: to its users a frozen dataclass, in C."""

from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.codec import canonical_json
from mingjing_kernel.state import State, changed, field


class Fund(State, frozen=True, kw_only=True):
    name: str
    fen: int = 0
    holders: dict[str, int] = field(default_factory=dict)


WHAT = st.fixed_dictionaries({}, optional={"name": st.text(), "fen": st.integers()})


@given(name=st.text(), fen=st.integers(), what=WHAT)
def test_a_changed_state_has_the_new_and_the_one_before_stays(name: str, fen: int, what: dict[str, object]) -> None:
    before = Fund(name=name, fen=fen, holders={"a": 1})
    after = changed(before, **what)
    assert msgspec.structs.asdict(after) == msgspec.structs.asdict(before) | what
    assert before == Fund(name=name, fen=fen, holders={"a": 1})


def test_nobody_writes_into_a_state_nor_a_field_that_there_is_not() -> None:
    one = Fund(name="a")
    with pytest.raises(AttributeError):
        one.fen = 1  # type: ignore[misc]
    with pytest.raises(TypeError, match="yuan"):
        changed(one, yuan=1)


def test_its_bytes_are_those_of_a_dataclass_of_the_same_fields() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Plain:
        name: str
        fen: int

    class Quick(State, frozen=True, kw_only=True):
        name: str
        fen: int

    assert canonical_json(Quick(name="甲", fen=1)) == canonical_json(Plain(name="甲", fen=1))
