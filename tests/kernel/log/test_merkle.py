"""The tree against an independent implementation (pymerkle), at random sizes and in random chunks; SM3 by its
standard."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from mingjing_kernel.audit.check_proof import Unproved, root_from
from mingjing_kernel.log.merkle import (
    TILE_BYTES,
    TILE_WIDTH,
    Frontier,
    check_consistency,
    check_inclusion,
    consistency_path,
    digest_of,
    inclusion_path,
    leaf_hash,
    subtree_root,
    unpack_peaks,
)

SIZE_MAX = 700
SHA256 = digest_of("sha256")
ENTRIES = [b"entry %d" % number for number in range(SIZE_MAX)]
LEAVES = [leaf_hash(SHA256, entry) for entry in ENTRIES]
OTHER = InmemoryTree(algorithm="sha256")
for _entry in ENTRIES:
    OTHER.append_entry(_entry)

sizes = st.integers(1, SIZE_MAX)


def node(height: int, index: int) -> bytes:
    below = Frontier(SHA256)
    below.extend(LEAVES[index << height : (index + 1) << height])
    return below.root()


def grown(size: int, cuts: Iterator[int]) -> Frontier:
    """A frontier extended in pieces."""
    tree = Frontier(SHA256)
    for first, last in pairwise([0, *sorted({cut for cut in cuts if cut < size}), size]):
        tree.extend(LEAVES[first:last])
    return tree


@given(sizes)
@settings(deadline=None)
def test_roots_are_those_of_another_implementation(size: int) -> None:
    tree = Frontier(SHA256)
    tree.extend(LEAVES[:size])
    assert tree.root() == OTHER.get_root(size)
    assert subtree_root(SHA256, node, 0, size) == tree.root()


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert Frontier(SHA256).root() == hashlib.sha256(b"").digest()


@given(sizes, st.data())
@settings(deadline=None)
def test_inclusion_proofs_are_those_of_another_implementation(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(SHA256, node, index, size)
    theirs = OTHER.prove_inclusion(index + 1, size)
    assert sorted([*path, LEAVES[index]]) == sorted(theirs.path)
    root = OTHER.get_root(size)
    assert check_inclusion(SHA256, LEAVES[index], index, size, path, root)
    assert not check_inclusion(SHA256, LEAVES[index - 1], index, size, path, root) or size == 1
    assert not check_inclusion(SHA256, LEAVES[index], index, size + 1, path, root) or _same_shape(index, size)
    assert not check_inclusion(SHA256, LEAVES[index], size, size, path, root)
    assert not check_inclusion(SHA256, LEAVES[index], index, size, [*path, root], root)
    if path:
        assert not check_inclusion(SHA256, LEAVES[index], index, size, path[:-1], root)


@given(sizes, st.data())
@settings(deadline=None)
def test_the_verifier_for_outsiders_judges_a_path_as_ours_does(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    root, path = OTHER.get_root(size), inclusion_path(SHA256, node, index, size)
    assert root_from("sha256", LEAVES[index], index, size, path) == root
    asked, among = data.draw(st.integers(-1, size + 1)), data.draw(st.integers(0, size + 2))
    turned = data.draw(st.permutations(path) | st.just(path[:-1]) | st.just([*path, root]) | st.just(path))
    try:
        is_proved = root_from("sha256", LEAVES[index], asked, among, turned) == root
    except Unproved:
        is_proved = False
    assert is_proved == check_inclusion(SHA256, LEAVES[index], asked, among, turned, root)


def _same_shape(index: int, size: int) -> bool:
    """Whether a path of the tree of ``size`` has the same turns in the next larger one (then only the root differs)."""
    return len(inclusion_path(SHA256, lambda *_: b"", index, size)) == len(
        inclusion_path(SHA256, lambda *_: b"", index, size + 1)
    )


@given(sizes, st.data())
@settings(deadline=None)
def test_consistency_proofs_lead_between_the_other_implementations_roots(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    path = consistency_path(SHA256, node, old, new)
    before, after = OTHER.get_root(old), OTHER.get_root(new)
    assert check_consistency(SHA256, old, new, before, after, path)
    forged = hashlib.sha256(before).digest()
    assert not check_consistency(SHA256, old, new, forged, after, path)
    assert not check_consistency(SHA256, old, new, before, forged, path)
    assert not check_consistency(SHA256, old, new, before, after, [*path, forged])
    if old < new:
        assert not check_consistency(SHA256, old, new, before, after, path[:-1])
        assert not check_consistency(SHA256, new, old, after, before, path)


@given(sizes, st.lists(st.integers(1, SIZE_MAX), max_size=12))
@settings(deadline=None)
def test_any_chunking_grows_the_same_tree(size: int, cuts: list[int]) -> None:
    one_by_one, tiles = Frontier(SHA256), []
    for leaf in LEAVES[:size]:
        tiles += one_by_one.extend([leaf])
    pieces = grown(size, iter(cuts))
    assert (pieces.size, pieces.peaks, pieces.open_tiles) == (one_by_one.size, one_by_one.peaks, one_by_one.open_tiles)
    assert unpack_peaks(size, pieces.packed_peaks()) == pieces.peaks
    at_once = Frontier(SHA256)
    assert at_once.extend(LEAVES[:size]) == tiles
    assert len(tiles) == size // TILE_WIDTH
    assert all(len(tile.hashes) == TILE_BYTES for tile in tiles)


@given(sizes, sizes)
@settings(deadline=None)
def test_a_copy_grows_without_its_original(size: int, more: int) -> None:
    tree = grown(size, iter(()))
    before = (tree.size, tree.root(), list(tree.peaks), list(tree.open_tiles))
    tree.copy().extend(LEAVES[:more])
    assert (tree.size, tree.root(), tree.peaks, tree.open_tiles) == before


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3), (7, 3)])
def test_there_is_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="is not in a tree"):
        inclusion_path(SHA256, node, index, size)


def test_there_is_no_proof_from_the_larger_to_the_smaller() -> None:
    with pytest.raises(ValueError, match="cannot be a prefix"):
        consistency_path(SHA256, node, 5, 4)
    assert consistency_path(SHA256, node, 0, 4) == []
    assert check_consistency(SHA256, 0, 4, SHA256(b""), OTHER.get_root(4), [])


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_the_answers_of_its_standard(message: bytes, expected: str) -> None:
    """GB/T 32905-2016, appendix A."""
    assert digest_of("sm3")(message).hex() == expected


def test_a_tree_of_sm3_is_another_tree() -> None:
    sm3 = digest_of("sm3")
    tree = Frontier(sm3)
    tree.extend([leaf_hash(sm3, entry) for entry in ENTRIES[:3]])
    left = sm3(b"\x01" + leaf_hash(sm3, ENTRIES[0]) + leaf_hash(sm3, ENTRIES[1]))
    assert tree.root() == sm3(b"\x01" + left + leaf_hash(sm3, ENTRIES[2]))
