from hypothesis import given
from hypothesis import strategies as st

from mingjing_funds.domain.persistent_map import PersistentMap

acts = st.lists(st.tuples(st.booleans(), st.text(max_size=3), st.integers()), max_size=60)


@given(acts)
def test_it_behaves_as_a_dict_and_never_changes_what_was_there(acts: list[tuple[bool, str, int]]) -> None:
    model: dict[str, int] = {}
    tested: PersistentMap[int] = PersistentMap()
    for is_set, key, value in acts:
        before, copy = tested, dict(tested)
        if is_set:
            model[key] = value
            tested = tested.set(key, value)
        else:
            model.pop(key, None)
            tested = tested.without(key)
        assert dict(before) == copy
        assert len(tested) == len(model)
    assert dict(tested) == model
