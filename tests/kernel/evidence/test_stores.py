"""One suite for every store: a folder of ours, and what obstore knows.

S3 is moto's unless ``MINGJING_TEST_S3_URL=s3://bucket/prefix``, with the usual ``AWS_…`` variables, names a real one.
"""

from __future__ import annotations

import asyncio
import errno
import itertools
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer
from obstore.store import LocalStore, MemoryStore

from kernel.evidence.samples import sha256
from mingjing_kernel.evidence.blobs import BlobDamaged, Blobs
from mingjing_kernel.evidence.digests import Digesting
from mingjing_kernel.evidence.object_store import ObjectStore, open_store
from mingjing_kernel.evidence.refusals import EvidenceStoreFull
from mingjing_kernel.evidence.store import FolderStore, Store
from mingjing_kernel.identifiers import new_id

STORES = ["folder", "obstore-folder", "obstore-memory", "s3"]
UPLOAD = UUID(int=7)


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """An S3 endpoint in a thread of ours."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket; the environment says how to reach it, as it does for a service."""
    if url := os.environ.get("MINGJING_TEST_S3_URL"):
        return url.rstrip("/")
    endpoint = request.getfixturevalue("moto_url")
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    httpx.put(f"{endpoint}/evidence", trust_env=False, timeout=60).raise_for_status()
    return "s3://evidence"


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    root = tmp_path / "store"
    match request.param:
        case "folder":
            return FolderStore(root)
        case "obstore-folder":
            return ObjectStore(LocalStore(root, mkdir=True))
        case "obstore-memory":
            return ObjectStore(MemoryStore())
        case _:
            return open_store(f"{request.getfixturevalue('s3_url')}/{new_id()}", root)


@pytest.fixture
def blobs(store: Store, tmp_path: Path) -> Blobs:
    return Blobs(store, tmp_path / "work")


async def kept(blobs: Blobs, tmp_path: Path, content: bytes) -> str:
    file = tmp_path / new_id().hex
    file.write_bytes(content)
    digesting = Digesting()
    digesting.take(content)
    await blobs.keep(file, digesting.digests())
    return sha256(content)


async def read(blobs: Blobs, digest: str) -> bytes:
    async with blobs.opened(digest) as file:
        return file.read_bytes()


async def test_the_same_bytes_have_the_same_address_and_are_kept_once(blobs: Blobs, tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    address = await kept(blobs, tmp_path, content)
    assert await kept(blobs, tmp_path, content) == address
    assert await read(blobs, address) == content
    assert [one async for one in blobs.stored()] == [(address, len(content))]
    assert await blobs.is_there(address)


async def test_what_is_not_there_is_said_to_be_damaged(blobs: Blobs) -> None:
    with pytest.raises(BlobDamaged) as found:
        await read(blobs, "0" * 64)
    assert found.value.found == ""
    assert await blobs.look("0" * 64) is None


async def test_a_flipped_byte_is_found_before_anything_is_shown_and_healed_by_the_right_bytes(
    store: Store, blobs: Blobs, tmp_path: Path
) -> None:
    content = b"evidence" * 1000
    address = await kept(blobs, tmp_path, content)
    wrong = tmp_path / "wrong"
    wrong.write_bytes(content[:-1] + b"E")
    await store.put_file(f"blobs/{address[:2]}/{address[2:4]}/{address}", wrong)
    with pytest.raises(BlobDamaged) as found:
        await read(blobs, address)
    assert found.value.found == sha256(content[:-1] + b"E")
    await kept(blobs, tmp_path, content)
    assert await read(blobs, address) == content


async def test_a_part_is_written_once_and_the_second_writer_is_told(store: Store, blobs: Blobs) -> None:
    assert await blobs.put_part(UPLOAD, 0, b"first")
    assert not await blobs.put_part(UPLOAD, 0, b"other")
    both = await asyncio.gather(*(blobs.put_part(UPLOAD, 5, content) for content in (b"one", b"two")))
    assert sorted(both) == [False, True]
    parts = await blobs.parts(UPLOAD)
    assert [(part.offset, part.size_bytes) for part in parts] == [(0, 5), (5, 3)]
    assert await blobs.part(parts[0]) == b"first"
    await blobs.put_part(UPLOAD, 20, b"beyond a gap")
    assert len(await blobs.parts(UPLOAD)) == 2
    assert await blobs.uploads() == {UPLOAD}
    await blobs.drop_parts(UPLOAD)
    assert (await blobs.parts(UPLOAD), await blobs.uploads()) == ([], set())


async def test_originals_for_a_case_are_those_that_are_here_and_whole(blobs: Blobs, tmp_path: Path) -> None:
    first = await kept(blobs, tmp_path, b"first")
    second = await kept(blobs, tmp_path, b"second")
    bound = {
        digest: b"".join([piece async for piece in pieces])
        async for digest, pieces in blobs.originals([first, "0" * 64, second])
    }
    assert bound == {first: b"first", second: b"second"}


async def test_removing_what_is_not_there_is_no_trouble(store: Store) -> None:
    await store.remove("blobs/00/00/nothing")
    assert await store.size("blobs/00/00/nothing") is None
    assert [one async for one in store.keys("parts/")] == []


@given(content=st.binary(max_size=4_000), cuts=st.lists(st.integers(0, 4_000), max_size=8))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_parts_of_any_size_come_together_as_the_very_file(
    tmp_path: Path, content: bytes, cuts: list[int]
) -> None:
    blobs, upload = Blobs(ObjectStore(MemoryStore()), tmp_path / "work"), new_id()
    places = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    for begins, ends in reversed(list(itertools.pairwise(places))):
        await blobs.put_part(upload, begins, content[begins:ends])
    async with blobs.assembled(await blobs.parts(upload)) as (file, digests):
        assert file.read_bytes() == content
        assert (digests.sha256, digests.size_bytes) == (sha256(content), len(content))
    assert not file.exists()


@pytest.mark.parametrize("cuts", [[0], [0, 70_000]])
async def test_what_came_in_one_part_is_not_written_a_second_time(tmp_path: Path, cuts: list[int]) -> None:
    root, content = tmp_path / "store", os.urandom(100_000)
    blobs = Blobs(FolderStore(root), tmp_path / "work")
    for begins, ends in itertools.pairwise([*cuts, len(content)]):
        await blobs.put_part(UPLOAD, begins, content[begins:ends])
    parts = await blobs.parts(UPLOAD)
    async with blobs.assembled(parts) as (file, digests):
        assert file.read_bytes() == content
        await blobs.keep(file, digests)
    address = sha256(content)
    blob = root / "blobs" / address[:2] / address[2:4] / address
    assert blob.samefile(root / parts[0].key) == (len(cuts) == 1)
    await blobs.drop_parts(UPLOAD)
    assert await read(blobs, address) == content
    assert blob.stat().st_mode & 0o777 == 0o600
    assert [path for folder in (root / "aside", tmp_path / "work") for path in folder.iterdir()] == []


async def test_a_part_that_was_taken_away_meanwhile_is_not_there(tmp_path: Path) -> None:
    blobs = Blobs(FolderStore(tmp_path / "store"), tmp_path / "work")
    await blobs.put_part(UPLOAD, 0, b"once")
    parts = await blobs.parts(UPLOAD)
    await blobs.drop_parts(UPLOAD)
    with pytest.raises(KeyError):
        async with blobs.assembled(parts):
            pass


async def test_where_there_are_no_hard_links_it_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = Blobs(FolderStore(tmp_path / "store"), tmp_path / "work")
    await blobs.put_part(UPLOAD, 0, b"once")

    def refused(*_: object) -> None:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(os, "link", refused)
    async with blobs.assembled(await blobs.parts(UPLOAD)) as (file, digests):
        assert (file.read_bytes(), digests.size_bytes) == (b"once", 4)


async def test_both_digests_are_those_of_the_standards() -> None:
    digesting = Digesting()
    for piece in (b"a", b"bc"):
        digesting.take(piece)
    digests = digesting.digests()
    assert digests.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4
    assert digests.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905 A.1


async def test_a_folder_is_for_its_service_alone_and_fans_out(tmp_path: Path) -> None:
    root = tmp_path / "evidence"
    address = await kept(Blobs(FolderStore(root), tmp_path / "work"), tmp_path, b"x")
    blob = root / "blobs" / address[:2] / address[2:4] / address
    assert blob.stat().st_mode & 0o777 == 0o600
    assert {path.stat().st_mode & 0o777 for path in (root, *blob.parents[:3])} == {0o700}
    assert list((root / "aside").iterdir()) == []


@pytest.fixture
def file_limit() -> Iterator[int]:
    """The operating system refuses files beyond this, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield 100_000
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_disk_that_takes_no_more_is_said_and_leaves_nothing_half_written(
    tmp_path: Path, file_limit: int
) -> None:
    store = FolderStore(tmp_path / "store")
    assert await store.put_new("parts/x/0", b"kept")
    with pytest.raises(EvidenceStoreFull):
        await store.put_new("parts/x/4", bytes(file_limit + 1))
    assert sorted([key async for key, _ in store.keys("parts/")]) == ["parts/x/0"]
    assert list((tmp_path / "store" / "aside").iterdir()) == []


async def test_more_than_there_is_room_for_is_refused_before_it_travels(tmp_path: Path) -> None:
    blobs = Blobs(FolderStore(tmp_path / "store"), tmp_path / "work")
    await blobs.require_room(1)
    with pytest.raises(EvidenceStoreFull):
        await blobs.require_room(1 << 60)


async def test_a_setting_names_the_store(tmp_path: Path) -> None:
    assert isinstance(open_store("", tmp_path), FolderStore)
    named = open_store(f"file://{tmp_path}/there", tmp_path)
    assert isinstance(named, FolderStore)
    assert named.root == tmp_path / "there"
    assert isinstance(open_store("memory:///", tmp_path), ObjectStore)
    assert isinstance(open_store("s3://bucket/prefix", tmp_path), ObjectStore)
