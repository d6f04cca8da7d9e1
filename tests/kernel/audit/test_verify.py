"""Every fault is found, and named for what it is and where it is; nothing else is accused."""

from __future__ import annotations

import struct
from base64 import b64encode
from collections.abc import Callable

import psycopg
import pytest

from kernel.audit.burgled import COSIGNER, KEYS, ORIGIN, SIGNER, SIZE, STEPS, STRANGER, Burgled
from kernel.log.toy import SCHEMA
from mingjing_kernel.audit.findings import SENTENCES
from mingjing_kernel.audit.note import Checkpoint, parse_note
from mingjing_kernel.audit.verify import verify
from mingjing_kernel.clock import system_clock
from mingjing_kernel.log.merkle import Digest, Frontier, HashName, digest_of
from mingjing_kernel.log.segments import open_payload, pack
from mingjing_kernel.text import translation


def test_an_honest_log_is_clean(burgled: Burgled) -> None:
    seen: list[tuple[int, int]] = []
    notes = burgled.notes()
    verified = verify(burgled.url, SCHEMA, KEYS, lambda done, whole: seen.append((done, whole)), witnessed=notes)
    assert verified.findings == ()
    assert verified.is_clean
    assert (verified.size, verified.checkpoints, verified.witnessed) == (SIZE, len(STEPS), len(STEPS))
    assert verified.tiles == SIZE // 256
    assert seen[-1] == (SIZE, SIZE)
    with psycopg.connect(burgled.url) as connection:
        head = connection.execute(f'SELECT root FROM "{SCHEMA}".head').fetchone()
    assert head == (verified.root,)


def test_an_honest_log_under_sm3_is_clean(burgled_sm3: Burgled) -> None:
    verified = burgled_sm3.verify(tuple(burgled_sm3.notes()))
    assert (verified.hash_name, verified.findings, verified.size) == ("sm3", (), SIZE)


def test_an_empty_log_is_clean(burgled: Burgled) -> None:
    burgled.run(
        *(f"DELETE FROM toy.{table}" for table in ("events", "commands", "tiles", "checkpoints", "segments")),
        "UPDATE toy.head SET position = 0, root = '', peaks = '', recorded_at = 'epoch'",
    )
    assert burgled.found() == []


@pytest.mark.parametrize("position", [1, 300, 1_299])
def test_a_flipped_byte_is_named_with_its_column_and_its_place(burgled: Burgled, position: int) -> None:
    burgled.run(f"UPDATE toy.events SET data = set_byte(data, 10, get_byte(data, 10) # 4) WHERE position = {position}")
    (one,) = burgled.found()
    assert (one.code, one.position) == ("byte-altered", position)
    assert one.en == f"Position {position}: column data was altered: byte 10 (counted from 0) is 0x35 and was 0x31."
    assert "第 10 字节" in one.zh


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("meta = set_byte(meta, 3, 65)", "meta"),
        ("type = overlay(type placing 'x' from 5 for 1)", "type"),
        ("stream = overlay(stream placing 'x' from 2 for 1)", "stream"),
        ("version = version + 1000", "version"),
        ("occurred_at = occurred_at - interval '1 hour'", "occurred_at"),
        ("recorded_at = recorded_at + interval '1 microsecond'", "recorded_at"),
    ],
)
def test_a_changed_column_is_named(burgled: Burgled, change: str, column: str) -> None:
    burgled.run(f"UPDATE toy.events SET {change} WHERE position = 777")
    altered = [one for one in burgled.found() if one.code in ("byte-altered", "column-altered")]
    assert [one.position for one in altered] == [777]
    assert f"column {column} was altered" in altered[0].en


def test_a_rewritten_content_is_named_by_its_position(burgled: Burgled) -> None:
    burgled.run('UPDATE toy.events SET data = \'{"amount":900000,"note":"more"}\' WHERE position = 300')
    assert burgled.codes() == [("content-altered", 300)]


def test_an_altered_leaf_is_told_from_an_altered_content(burgled: Burgled) -> None:
    for position in (10, 1_295):
        burgled.run(
            f"UPDATE toy.events SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1) WHERE position = {position}"
        )
    assert burgled.codes() == [("leaf-altered", 10), ("leaf-altered", 1_295)]


def test_a_leaf_of_another_length_is_found(burgled: Burgled) -> None:
    burgled.run("UPDATE toy.events SET leaf = '' WHERE position = 10")
    assert burgled.codes() == [("leaf-altered", 10)]


@pytest.mark.parametrize(("first", "last"), [(5, 5), (400, 402), (1_297, 1_297)])
def test_a_deleted_row_is_named_by_its_gap(burgled: Burgled, first: int, last: int) -> None:
    burgled.run(f"DELETE FROM toy.events WHERE position BETWEEN {first} AND {last}")
    found = burgled.found()
    (gap,) = [one for one in found if one.code == "events-missing"]
    assert gap.en == f"Positions {first} to {last} are missing."
    assert {one.code for one in found} <= {"events-missing", "version-gap", "head-altered"}


def test_a_swapped_pair_is_named(burgled: Burgled) -> None:
    burgled.run(
        "UPDATE toy.events SET position = 1000000 WHERE position = 20",
        "UPDATE toy.events SET position = 20 WHERE position = 900",
        "UPDATE toy.events SET position = 900 WHERE position = 1000000",
    )
    (one,) = burgled.found()
    assert (one.code, one.en) == ("swapped", "Positions 20 and 900 were swapped.")


def test_a_tail_cut_off_the_table_is_named_by_the_head(burgled: Burgled) -> None:
    burgled.run("DELETE FROM toy.events WHERE position > 1295")
    codes = burgled.codes()
    assert ("truncated", 1_295) in codes
    assert {code for code, _ in codes} <= {"truncated", "command-gap"}


def test_a_tail_cut_off_cleanly_is_named_by_checkpoint_and_witness(burgled: Burgled) -> None:
    """Head, tiles and commands set back to match: only who signed or saw more can tell."""
    notes = tuple(burgled.notes())
    set_back(burgled, 1_100)
    assert burgled.codes(notes) == [("checkpoint-beyond", 1_100), ("witness-beyond", 1_100)]
    burgled.run("DELETE FROM toy.checkpoints WHERE size > 1100")
    assert burgled.codes() == []
    assert burgled.codes(notes) == [("witness-beyond", 1_100)]


def set_back(burgled: Burgled, size: int) -> None:
    """What a careful burglar does to forget the last events."""
    with psycopg.connect(burgled.url) as connection:
        rows = connection.execute(
            f'SELECT leaf FROM "{SCHEMA}".events WHERE position <= %s ORDER BY position', (size,)
        ).fetchall()
    tree = Frontier(digest_of("sha256"))
    tree.extend([row[0] for row in rows])
    burgled.run(
        f"DELETE FROM toy.events WHERE position > {size}",
        f"DELETE FROM toy.commands WHERE position > {size}",
        f"DELETE FROM toy.tiles WHERE level = 0 AND index >= {size // 256}",
        f"UPDATE toy.head SET position = {size}, {head_of(tree)}",
    )


def head_of(tree: Frontier) -> str:
    return f"root = '\\x{tree.root().hex()}', peaks = '\\x{tree.packed_peaks().hex()}'"


def test_a_checkpoint_signed_by_a_stranger_is_forged(burgled: Burgled) -> None:
    note = parse_note(burgled.notes()[1])
    forged = STRANGER.sign(note.checkpoint()).render()
    burgled.run(f"UPDATE toy.checkpoints SET note = '{forged}' WHERE size = 256")
    (one,) = burgled.found()
    assert one.code == "checkpoint-forged"
    assert "size 256" in one.en


def test_a_checkpoint_of_a_stolen_key_over_another_root_differs(burgled: Burgled) -> None:
    forged = SIGNER.sign(Checkpoint(ORIGIN, 700, b"\x09" * 32)).render()
    burgled.run(f"UPDATE toy.checkpoints SET note = '{forged}' WHERE size = 700")
    (one,) = burgled.found()
    assert one.code == "checkpoint-differs"
    assert "size 700" in one.en


def test_an_altered_signature_is_found(burgled: Burgled) -> None:
    burgled.run(
        "UPDATE toy.checkpoints SET note = regexp_replace(note, '....\\n$', 'AAA=' || chr(10)) WHERE size = 700"
    )
    assert [one.code for one in burgled.found()] == ["checkpoint-forged"]


def test_an_altered_tile_is_told_from_altered_events(burgled: Burgled) -> None:
    burgled.run("UPDATE toy.tiles SET hashes = set_byte(hashes, 33, get_byte(hashes, 33) # 1) WHERE index = 2")
    (one,) = burgled.found()
    assert (one.code, one.position) == ("tile-altered", 2 * 256 + 2)


def test_a_missing_and_a_surplus_tile_are_found(burgled: Burgled) -> None:
    burgled.run("DELETE FROM toy.tiles WHERE index = 2", "INSERT INTO toy.tiles VALUES (0, 99, ''), (3, 0, '')")
    assert [one.code for one in burgled.found()] == ["tile-missing", "tile-surplus"]


def test_event_and_leaf_rewritten_together_are_given_away_by_the_tile(burgled: Burgled) -> None:
    rewrite(burgled, 300)
    assert burgled.codes() == [("event-rewritten", 300)]


def rewrite(burgled: Burgled, position: int) -> bytes:
    """Change an amount and compute the leaf that fits; returns it."""
    burgled.run(
        f"""UPDATE toy.events SET data = '{{"amount":7,"note":""}}' WHERE position = {position}""",
        f"""UPDATE toy.events SET leaf = sha256('\\x00'::bytea || convert_to(format(
            E'mingjing/entry/v1\\n%s\\n%s\\n%s\\n%s\\n%s\\n%s\\n%s\\n%s\\n', position, stream, version, type,
            (extract(epoch FROM occurred_at) * 1000000)::bigint, (extract(epoch FROM recorded_at) * 1000000)::bigint,
            length(data), length(meta)), 'UTF8') || data || meta) WHERE position = {position}""",
    )
    with psycopg.connect(burgled.url) as connection:
        row = connection.execute(f'SELECT leaf FROM "{SCHEMA}".events WHERE position = {position}').fetchone()
    assert row is not None
    return bytes(row[0])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("root = set_byte(root, 0, get_byte(root, 0) # 1)", "root"),
        ("peaks = set_byte(peaks, 0, get_byte(peaks, 0) # 1)", "peaks"),
        ("recorded_at = 'epoch'", "recorded_at"),
    ],
)
def test_an_altered_head_is_named(burgled: Burgled, change: str, what: str) -> None:
    burgled.run(f"UPDATE toy.head SET {change}")
    (one,) = burgled.found()
    assert one.code == "head-altered"
    assert f"its {what} is not" in one.en


def test_a_head_set_back_leaves_events_beyond_it(burgled: Burgled) -> None:
    burgled.run("UPDATE toy.head SET position = 1295")
    codes = [one.code for one in burgled.found()]
    assert {"beyond-head", "head-altered"} <= set(codes)


def test_a_missing_head_is_named(burgled: Burgled) -> None:
    burgled.run("DELETE FROM toy.head")
    assert [one.code for one in burgled.found()] == ["head-missing"]


def test_a_history_rewritten_and_signed_anew_is_given_away_by_the_witness(burgled: Burgled) -> None:
    """The burglar has the log's key too: everything fits again, except what somebody else holds."""
    notes = tuple(burgled.notes())
    rewrite(burgled, 300)
    sign_anew(burgled)
    assert burgled.codes() == [("segment-differs", 300)]  # a copy made before gives them away, too
    burgled.run("DELETE FROM toy.segments")
    assert burgled.codes() == []
    found = burgled.found(notes)
    assert [one.code for one in found] == ["witness-differs"] * 3
    assert "size 700" in found[0].en
    assert COSIGNER.name in found[0].en


def sign_anew(burgled: Burgled) -> None:
    with psycopg.connect(burgled.url) as connection:
        leaves = [
            row[0] for row in connection.execute(f'SELECT leaf FROM "{SCHEMA}".events ORDER BY position').fetchall()
        ]
    tree, statements = Frontier(digest_of("sha256")), list[str]()
    for before, size in zip((0, *STEPS), (*STEPS, SIZE), strict=True):
        for tile in tree.extend(leaves[before:size]):
            statements.append(f"UPDATE toy.tiles SET hashes = '\\x{tile.hashes.hex()}' WHERE index = {tile.index}")
        note = SIGNER.sign(Checkpoint(ORIGIN, size, tree.root())).render()
        statements.append(f"UPDATE toy.checkpoints SET note = '{note}' WHERE size = {size}")
    statements.append(f"UPDATE toy.head SET {head_of(tree)}")
    burgled.run(*statements)


def test_a_note_that_the_witness_did_not_sign_is_not_believed(burgled: Burgled) -> None:
    note = parse_note(burgled.notes()[0])
    wrong = note.with_signatures([STRANGER.cosign(note, system_clock())]).render()
    other = SIGNER.sign(Checkpoint(ORIGIN, 200, b"\x01" * 32))
    lied = other.with_signatures([sig for sig in note.signatures if sig.name == COSIGNER.name]).render()
    assert burgled.codes((wrong,)) == []
    assert burgled.codes((lied, "nonsense")) == [("witness-forged", None)] * 2


def test_commands_that_do_not_own_every_event_once_are_found(burgled: Burgled) -> None:
    burgled.run("DELETE FROM toy.commands WHERE position = 100")
    (one,) = burgled.found()
    assert (one.code, one.position) == ("command-gap", 99)
    assert "up to 100" in one.en
    burgled.run("UPDATE toy.commands SET events = 2 WHERE position = 101")
    assert burgled.found() == []


def test_a_command_under_another_id_is_found(burgled: Burgled) -> None:
    burgled.run("UPDATE toy.commands SET id = gen_random_uuid() WHERE position = 100")
    assert burgled.codes() == [("command-altered", 100)]


def test_a_row_before_the_beginning_is_found(burgled: Burgled) -> None:
    burgled.run(
        "ALTER TABLE toy.events DROP CONSTRAINT events_position_check",
        "INSERT INTO toy.events SELECT 0, 'account-x', 1, type, data, meta, occurred_at, recorded_at, leaf "
        "FROM toy.events WHERE position = 1",
    )
    assert "before-beginning" in {code for code, _ in burgled.codes()}


def test_a_version_gap_is_found(burgled: Burgled) -> None:
    burgled.run(
        "ALTER TABLE toy.events DROP CONSTRAINT events_stream_version",
        "UPDATE toy.events SET version = version + 1 WHERE position > 1200 AND stream LIKE '%1'",
    )
    assert "version-gap" in [one.code for one in burgled.found()]


def forge_segment(burgled: Burgled, change: Callable[[bytes], bytes], digest: Digest) -> None:
    """Another payload with a digest that fits it."""
    with psycopg.connect(burgled.url) as connection:
        stored = connection.execute(f'SELECT payload FROM "{SCHEMA}".segments').fetchone()
    assert stored is not None
    bodies_at, whole = open_payload(stored[0])
    forged = pack([whole[:bodies_at]], [change(whole[bodies_at:])])
    burgled.run(f"UPDATE toy.segments SET payload = '\\x{forged.hex()}', digest = '\\x{digest(forged).hex()}'")


@pytest.mark.parametrize("hash_name", ["sha256", "sm3"])
def test_a_segment_that_is_no_copy_is_found(request: pytest.FixtureRequest, hash_name: HashName) -> None:
    burgled: Burgled = request.getfixturevalue("burgled" if hash_name == "sha256" else "burgled_sm3")
    clean = burgled.verify()
    assert (clean.segments, clean.findings) == (1, ())
    forge_segment(burgled, lambda bodies: bodies.replace(b"1", b"2", 1), digest_of(hash_name))
    assert burgled.codes() == [("segment-differs", 1)]
    forge_segment(burgled, lambda bodies: bodies[:-1] + b"?", digest_of(hash_name))
    found = burgled.found()
    assert found[0].en == "The segment of positions 1 to 1024 is no copy of the log: it differs first at position 1."
    assert found[0].zh == "第 1 至 1024 条的归档段不是日志的副本：自第 1 条起不同。"
    burgled.run("DELETE FROM toy.segments")  # a copy that is missing is no fault
    assert (burgled.verify().segments, burgled.found()) == (0, [])


def test_an_altered_segment_is_found_and_so_is_one_of_another_place(burgled: Burgled) -> None:
    burgled.run(
        "UPDATE toy.segments SET payload = set_byte(payload, 99, get_byte(payload, 99) # 1)",
        "INSERT INTO toy.segments VALUES (2, 1025, 'x', 'y'), (1025, 2048, 'x', 'y')",
    )
    assert burgled.codes() == [("segment-misplaced", 2), ("segment-misplaced", 1_025), ("segment-altered", 1)]


@pytest.mark.parametrize("payload", ["x", "", "\\x00000001000000017801"])
def test_a_segment_that_cannot_be_opened_is_found(burgled: Burgled, payload: str) -> None:
    burgled.run(f"UPDATE toy.segments SET payload = '{payload}', digest = sha256('{payload}')")
    assert burgled.codes() == [("segment-differs", 1)]


def test_a_segment_whose_seam_was_moved_is_found(burgled: Burgled) -> None:
    """The same bytes, said to be a byte more of heads and one less of bodies: a replay could not cut them."""
    with psycopg.connect(burgled.url) as connection:
        stored = connection.execute(f'SELECT payload FROM "{SCHEMA}".segments').fetchone()
    assert stored is not None
    heads, bodies = struct.unpack_from(">II", stored[0])
    forged = struct.pack(">II", heads + 1, bodies - 1) + stored[0][8:]
    burgled.run(f"UPDATE toy.segments SET payload = '\\x{forged.hex()}', digest = sha256('\\x{forged.hex()}')")
    assert burgled.codes() == [("segment-differs", 1)]


def test_an_altered_row_does_not_make_its_copy_wrong_and_a_copy_of_it_is_not_right(burgled: Burgled) -> None:
    burgled.run("UPDATE toy.events SET data = set_byte(data, 10, get_byte(data, 10) # 4) WHERE position = 700")
    codes = burgled.codes()
    assert [position for _, position in codes] == [700]
    assert not codes[0][0].startswith("segment")

    def alter_too(bodies: bytes) -> bytes:
        with psycopg.connect(burgled.url) as connection:
            rows = connection.execute(
                f'SELECT data || meta FROM "{SCHEMA}".events WHERE position <= 1024 ORDER BY position'
            ).fetchall()
        altered = b"".join(row[0] for row in rows)
        assert altered != bodies
        return altered

    forge_segment(burgled, alter_too, digest_of("sha256"))
    assert burgled.codes() == [*codes, ("segment-differs", 700)]


def test_nulls_and_doubles_do_not_stop_the_verification(burgled: Burgled) -> None:
    burgled.run(
        "ALTER TABLE toy.events ALTER data DROP NOT NULL, DROP CONSTRAINT events_pkey",
        "UPDATE toy.events SET data = NULL WHERE position = 40",
        "UPDATE toy.events SET position = 50 WHERE position = 60",
    )
    codes = burgled.codes()
    assert {("content-altered", 40), ("event-doubled", 50), ("events-missing", 60)} <= set(codes)


def test_many_faults_of_one_kind_are_counted(burgled: Burgled) -> None:
    burgled.run("UPDATE toy.events SET leaf = sha256(leaf) WHERE position <= 100")
    found = burgled.found()
    assert [one.code for one in found] == ["leaf-altered"] * 20 + ["more"]
    assert found[-1].en == "… and 80 more of the kind leaf-altered."


def test_several_processes_find_the_same(burgled: Burgled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mingjing_kernel.audit.verify.ALONE_EVENTS_MAX", 0)
    clean = burgled.verify()
    assert (clean.findings, clean.size) == ((), SIZE)


def test_every_sentence_has_its_chinese() -> None:
    assert [sentence for sentence in SENTENCES.values() if not translation(sentence)] == []


def test_without_keys_signatures_are_not_checked(burgled: Burgled) -> None:
    verified = verify(burgled.url, SCHEMA, ())
    assert (verified.signatures_checked, verified.findings) == (False, ())
    assert b64encode(verified.root)
