"""What folds by the thousand: a state with some of its fields changed."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.decider import changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    name: str
    fen: int = 0
    holders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    fen: int
    name: str

    def __post_init__(self) -> None:
        assert self.fen >= 0


@dataclass(frozen=True, kw_only=True)
class Open:
    fen: int
    name: str


WHAT = st.fixed_dictionaries(
    {}, optional={"name": st.text(), "fen": st.integers(), "holders": st.frozensets(st.text(max_size=3))}
)


@given(before=st.builds(Fund, name=st.text(), fen=st.integers()), what=WHAT)
def test_a_changed_state_is_what_replace_makes_and_the_one_before_stays(before: Fund, what: dict[str, object]) -> None:
    kept = replace(before)
    after = changed(before, **what)
    assert (after, hash(after)) == (expected := replace(before, **what), hash(expected))  # type: ignore[arg-type]
    assert type(after) is Fund
    assert before == kept


def test_a_field_that_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError, match="yuan"):
        changed(Fund(name="a"), yuan=1)


@pytest.mark.parametrize("state", [Checked(fen=1, name="a"), Open(fen=1, name="a")])
def test_a_state_that_checks_itself_or_has_no_slots_is_not_copied_past_that(state: object) -> None:
    with pytest.raises(TypeError, match="not copied field by field"):
        changed(state, name="b")
