"""The published algorithm, by itself: whoever changes anything in a notice is told what does not match."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection import draw as lots


def population(weights: list[int], inspectors: int = 4, select: int = 3, each: int = 2) -> dict[str, Any]:
    codes = [lots.code_of(f"{number:032x}", f"id-{number}", f"机构{number}") for number in range(len(weights))]
    officers = [lots.code_of(f"{number:032x}", f"officer-{number}", "") for number in range(inspectors)]
    return {
        "select": min(select, len(weights)),
        "each": each,
        "institutions": sorted([code, weight] for code, weight in zip(codes, weights, strict=True)),
        "inspectors": sorted(officers),
        "conflicts": [[officers[0], codes[0]]],
    }


def notice(weights: list[int]) -> dict[str, Any]:
    who = population(weights)
    names = {lots.code_of(f"{number:032x}", f"id-{number}", f"机构{number}"): number for number in range(len(weights))}
    drawn = lots.drawn(who, "5eed", "03111722283109")
    return {
        "format": lots.FORMAT,
        "plan": "2026-Q4",
        "attempt": 1,
        "title": "第四季度双随机抽查",
        "authority": "杭州市西湖区",
        "region": "330106",
        "population": who,
        "population_hash": lots.hash_of(who),
        "left_out": 0,
        "policy": "default/1",
        "frozen_at": "2026-07-01T02:00:00+00:00",
        "commitment": lots.commitment_to("5eed"),
        "committed_at": "2026-07-01T03:00:00+00:00",
        "public_source": "双色球第2026075期",
        "public_value_due_at": "2026-07-02T13:15:00+00:00",
        "public_value": "03111722283109",
        "public_value_at": "2026-07-02T13:15:00+00:00",
        "seed": "5eed",
        "drawn_at": "2026-07-03T01:00:00+00:00",
        "drawn": drawn,
        "opened": [
            {"code": code, "salt": f"{names[code]:032x}", "id": f"id-{names[code]}", "name": f"机构{names[code]}"}
            for code, _ in drawn
        ],
    }


WHOLE = notice([1, 2, 4, 6, 1, 1, 2])


def test_what_was_drawn_so_matches() -> None:
    assert lots.verify(WHOLE) == []
    committed = {name: WHOLE[name] for name in lots.FIXED} | {
        "format": WHOLE["format"],
        "population": WHOLE["population"],
    }
    assert lots.verify(committed) == []
    assert lots.verify(WHOLE, committed) == []


def _weight(changed: dict[str, Any]) -> None:
    changed["population"]["institutions"][2][1] += 1


def _left_out(changed: dict[str, Any]) -> None:
    changed["population"]["institutions"].pop()


def _conflict(changed: dict[str, Any]) -> None:
    changed["population"]["conflicts"] = []


def _seed(changed: dict[str, Any]) -> None:
    changed["seed"] = "5eee"


def _value(changed: dict[str, Any]) -> None:
    changed["public_value"] = "03111722283110"


def _result(changed: dict[str, Any]) -> None:
    changed["drawn"][0], changed["drawn"][1] = changed["drawn"][1], changed["drawn"][0]


def _one_less(changed: dict[str, Any]) -> None:
    changed["drawn"].pop()


def _inspector(changed: dict[str, Any]) -> None:
    changed["drawn"][0][1].reverse()


def _name(changed: dict[str, Any]) -> None:
    changed["opened"][0]["name"] = "另一家机构"


def _too_early(changed: dict[str, Any]) -> None:
    changed["public_value_at"] = "2026-06-30T13:15:00+00:00"


def _half(changed: dict[str, Any]) -> None:
    changed.pop("drawn_at")


def _endless(changed: dict[str, Any]) -> None:
    changed["population"]["institutions"][0][1] = 10**12
    changed["population_hash"] = lots.hash_of(changed["population"])


def _nothing(changed: dict[str, Any]) -> None:
    changed.pop("population")


def _forged_line(changed: dict[str, Any]) -> None:
    institutions = changed["population"]["institutions"]
    (first, weight), (second, other) = sorted(institutions)[:2]
    institutions[:] = [one for one in institutions if one[0] not in (first, second)]
    institutions.append([f"{first} {weight}\ninstitution {second}", other])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_weight, "名单与摘要不符"),
        (_left_out, "名单与摘要不符"),
        (_conflict, "名单与摘要不符"),
        (_seed, "种子与承诺不符"),
        (_value, "个结果不符"),
        (_result, "第1个结果不符"),
        (_one_less, "抽中数不符"),
        (_inspector, "第1个结果不符"),
        (_name, "机构代码与名称不符"),
        (_too_early, "public_value_at"),
        (_nothing, "不是完整的抽查公告"),
        (_half, "不是完整的抽查公告"),
        (_endless, "权重应为"),
        (_forged_line, "代码应为"),
    ],
)
def test_whoever_changes_something_is_told_what_does_not_match(change: Any, says: str) -> None:
    changed = copy.deepcopy(WHOLE)
    change(changed)
    assert says in "\n".join(lots.verify(changed))


def test_a_population_that_was_exchanged_whole_does_not_agree_with_the_earlier_notice() -> None:
    other = notice([1, 1, 1, 1, 1, 1, 1])
    assert lots.verify(other) == []
    (found,) = lots.verify(other, WHOLE)
    assert "population_hash" in found


@pytest.mark.parametrize("name", lots.FIXED)
def test_what_was_published_before_is_compared_word_for_word(name: str) -> None:
    (found,) = lots.verify({**WHOLE, name: WHOLE[name]}, {**WHOLE, name: "x"})
    assert f": {name} = " in found


@given(st.lists(st.integers(1, lots.WEIGHT_MAX), min_size=1, max_size=12), st.text("0123456789abcdef", min_size=1))
def test_every_draw_is_of_the_population_without_repetition_and_without_conflicts(
    weights: list[int], seed: str
) -> None:
    who = population(weights)
    drawn = lots.drawn(who, seed, "7")
    codes = [code for code, _ in drawn]
    assert len(set(codes)) == len(codes) == who["select"]
    assert set(codes) <= {code for code, _ in who["institutions"]}
    barred = {tuple(pair) for pair in who["conflicts"]}
    for institution, inspectors in drawn:
        assert len(set(inspectors)) == who["each"]
        assert not barred & {(inspector, institution) for inspector in inspectors}
    shuffled = who | {"institutions": who["institutions"][::-1], "inspectors": who["inspectors"][::-1]}
    assert lots.drawn(shuffled, seed, "7") == drawn
    turns = Counter(one for _, inspectors in drawn for one in inspectors)
    assert max(turns.values()) - min(turns[one] for one in who["inspectors"]) <= 2


def test_six_lots_are_drawn_about_six_times_as_often_as_one() -> None:
    who = population([6, 1, 1, 1, 1, 1, 1], select=1)
    heavy = next(code for code, weight in who["institutions"] if weight == 6)
    hits = sum(lots.drawn(who, f"{number:x}", "7")[0][0] == heavy for number in range(600))
    assert 250 < hits < 350  # six of twelve lots; the same numbers every time


def test_the_file_runs_by_itself(tmp_path: Path) -> None:
    alone = tmp_path / "draw.py"
    alone.write_bytes(Path(str(lots.__file__)).read_bytes())
    for name, said in (("good", WHOLE), ("bad", WHOLE | {"seed": "0"})):
        (tmp_path / f"{name}.json").write_text(json.dumps(said), encoding="utf-8")
    run = [sys.executable, "-I", str(alone)]
    good = subprocess.run([*run, str(tmp_path / "good.json")], capture_output=True, text=True, check=False)
    bad = subprocess.run([*run, str(tmp_path / "bad.json")], capture_output=True, text=True, check=False)
    assert (good.returncode, "全部相符" in good.stdout) == (0, True), good.stderr
    assert (bad.returncode, "种子与承诺不符" in bad.stdout) == (1, True)
    assert len(alone.read_text(encoding="utf-8").splitlines()) <= 160
