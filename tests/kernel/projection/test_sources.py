"""The fingerprint of read models: any source that a fold stands on changes it, and nothing else does."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Index, MetaData, Table, Text, Uuid

from mingjing_funds.projections.read_models import READ_MODELS as OF_FUNDS
from mingjing_kernel.projection.read_model import ReadModel, fingerprint
from mingjing_kernel.projection.sources import sources_of

FILES = {
    "__init__.py": "",
    "codec.py": "from shop.unrelated import nothing\n",
    "unrelated.py": "nothing = 1\n",
    "domain/__init__.py": "",
    "domain/goods.py": "from shop.domain import price\nfrom ..policy import limits as of_today\n",
    "domain/price.py": "from mingjing_kernel.clock import SHANGHAI\nFULL = 3\n",
    "domain/rules.py": "STRICT = True\n",
    "policy/__init__.py": "",
    "policy/limits.py": "def most():\n    from shop.policy.far.away import MOST\n    return MOST\n",
    "policy/far/__init__.py": "",
    "policy/far/away.py": "MOST = 9\n",
    "keys.py": "def keys(fact):\n    return ()\n",
    "fold.py": """
from typing import TYPE_CHECKING
from sqlalchemy import Column, MetaData, Table, Uuid
import shop.domain.goods as goods
from mingjing_kernel.projection import ReadModel
from shop.keys import keys

def fold(key, row, fact):
    return row

things = Table("things", MetaData(), Column("id", Uuid, primary_key=True))
THINGS = ReadModel(name="things", table=things, nouns=("thing",), keys=keys, fold=fold)
""",
}
SHARED = ["mingjing_kernel.clock", "mingjing_kernel.codec", "mingjing_kernel.decider", "mingjing_kernel.refusal"]


def _nothing(*_: Any) -> Any:
    return None


def _of_tables(*columns: str, indexes: tuple[str, ...] = ()) -> str:
    table = Table("things", MetaData(), Column("id", Uuid, primary_key=True), *(Column(name, Text) for name in columns))
    for name in indexes:
        Index(f"things_{name}", table.c[name])
    return fingerprint([ReadModel(name="things", table=table, nouns=("thing",), keys=_nothing, fold=_nothing)])


def test_a_column_or_an_index_changes_the_fingerprint() -> None:
    found = [
        _of_tables("a"),
        _of_tables("a", "b"),
        _of_tables("a", "b", indexes=("a",)),
        _of_tables("a", "b", indexes=("b",)),
    ]
    assert len(set(found)) == len(found)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A service's package in which one thing leads to the next."""
    for name, text in FILES.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path / "shop"
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def things() -> ReadModel:
    found: Any = importlib.import_module("shop.fold")
    model: ReadModel = found.THINGS
    return model


def test_what_a_fold_imports_is_found_however_far_away(shop: Path) -> None:
    model = things()
    mine = ["", ".codec", ".domain", ".domain.goods", ".domain.price", ".fold", ".keys", ".policy", ".policy.far",
            ".policy.far.away", ".policy.limits"]  # fmt: skip
    found = list(sources_of([model.keys, model.fold]))
    assert [name for name in found if name.startswith("shop")] == [f"shop{name}" for name in mine]
    assert set(found) - {f"shop{name}" for name in mine} <= set(SHARED)
    assert {"mingjing_kernel.clock", "mingjing_kernel.codec"} <= set(found)


@pytest.mark.parametrize("name", ["codec.py", "domain/price.py", "policy/far/away.py", "keys.py", "fold.py"])
def test_a_source_that_a_fold_stands_on_changes_the_fingerprint(shop: Path, name: str) -> None:
    before = fingerprint([things()])
    assert fingerprint([things()]) == before
    (shop / name).write_text(FILES[name] + "MORE = 1\n", encoding="utf-8")
    assert fingerprint([things()]) != before
    (shop / name).write_text(FILES[name].replace("\n", "\r\n"), encoding="utf-8")
    assert fingerprint([things()]) == before


@pytest.mark.parametrize("name", ["domain/rules.py", "unrelated.py"])
def test_an_unrelated_source_does_not(shop: Path, name: str) -> None:
    before = fingerprint([things()])
    (shop / name).write_text("raise RuntimeError\n", encoding="utf-8")
    assert fingerprint([things()]) == before


def test_where_the_files_lie_does_not_matter(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint([things()])
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]
    (tmp_path / "elsewhere").mkdir()
    shop.rename(tmp_path / "elsewhere" / "shop")
    monkeypatch.syspath_prepend(tmp_path / "elsewhere")
    assert fingerprint([things()]) == before


def test_a_fold_whose_source_is_not_at_hand_is_refused() -> None:
    scope: dict[str, Any] = {"__name__": "typed_in"}
    exec("def fold(key, row, fact): return row", scope)
    with pytest.raises(LookupError, match="typed_in"):
        sources_of([scope["fold"]])


def test_the_services_folds_stand_on_their_domains_and_policies() -> None:
    found = sources_of(model.fold for model in OF_FUNDS)
    assert {"mingjing_funds.policy.alert_rules", "mingjing_funds.domain.money", "mingjing_funds.codec"} <= set(found)
    assert not {name for name in found if ".api" in name or ".intake" in name or ".service" in name}
