"""``mingjing audit``: for those who trust nobody. Verify, replay, prove, check."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from mingjing.auditing import (
    case_kinds,
    check_file,
    compare_one,
    database,
    known_keys,
    prove_one,
    replay_one,
    verify_one,
)
from mingjing.case_export import Taker, case_originals, export_case, machine_user
from mingjing.cli.screen import DATA, EXIT_CODES, AsJson, Data, Exit, Log, notes, results
from mingjing.evidence_audit import evidence_one, keeps_evidence
from mingjing.installation import Installation
from mingjing.keys import LOGS
from mingjing_kernel import loop
from mingjing_kernel.audit.case_search import Case
from mingjing_kernel.audit.check_proof import report
from mingjing_kernel.refusal import Refusal

_DIGITS_MAX = 18
"""A position is a bigint."""
TEXT_LENGTH_MAX = 400
"""Of a reason: with the machine's user beside it, a note of a read takes it whole."""

audit = typer.Typer(
    help="审计：验证、重演、核对证据、出证、导出、比对、核证。For those who trust nobody.",
    no_args_is_help=True,
    epilog=EXIT_CODES,
)
Which: Any = Annotated[
    list[Log] | None, typer.Argument(metavar="LOG", help=f"日志 which logs; all when left out: {', '.join(LOGS)}")
]


class FileUnwritable(Refusal):
    """The proof has nowhere to go."""

    sentence = "The file {path} cannot be written: {reason}."
    remedy = "Choose another place with --out FILE."
    status = 422


@audit.command(epilog=EXIT_CODES, short_help="验证日志 recompute every hash and signature")
def verify(log: Which = None, data: Data = DATA, as_json: AsJson = False) -> None:
    """逐条重算日志的叶子、瓦片、根、检查点与签名，指出何处被改、被删、被换、被截断或被伪造。

    Recomputes every leaf, tile, root, checkpoint and signature, and compares with what the other services witnessed.
    Works beside running services and without them. Ends with 1 when something is wrong, and says what and where.
    """
    found: dict[str, Any] = {}
    installation = Installation(data)
    with database(installation) as url, _bar() as progress:
        for name in map(str, log or LOGS):
            verified = verify_one(url, name, installation.keys, progress)
            found[name] = verified
    documents = {name: _verified(one) for name, one in found.items()}
    _tell(documents, as_json, lambda name, one: _say_verified(name, found[name]))
    if not all(one.is_clean for one in found.values()):
        raise typer.Exit(Exit.FOUND)


@audit.command(epilog=EXIT_CODES, short_help="重演读模型 fold the log anew and compare")
def replay(log: Which = None, data: Data = DATA, as_json: AsJson = False) -> None:
    """从第一条事件起重新折叠全部读模型，与现有的逐行比较；0 处差异，或指出是哪些。

    Folds every log from its first event into shadow tables and compares them row by row with the live ones.
    """
    found: dict[str, Any] = {}
    with database(Installation(data)) as url, _bar() as progress:
        for name in map(str, log or LOGS):
            found[name] = loop.run(replay_one(url, name, progress))
    documents = {
        name: {
            "events": one.events,
            "tables": one.tables,
            "rows": one.rows,
            "differences": one.differences,
            "examples": [f"{each.table}, {each.side}: {each.row}" for each in one.examples],
        }
        for name, one in found.items()
    }
    _tell(documents, as_json, _say_replayed)
    if any(one.differences for one in found.values()):
        raise typer.Exit(Exit.FOUND)


@audit.command(epilog=EXIT_CODES, short_help="核对证据 every stored file against the log")
def evidence(log: Which = None, data: Data = DATA, as_json: AsJson = False) -> None:
    """逐字节重算每份证据的 SHA-256 与 SM3，与日志核对；指出缺失、被改、应销毁而未销毁、日志不知的文件。

    Recomputes both digests of every stored file and compares with the log: missing, altered, left over, unknown ones.
    """
    found: dict[str, Any] = {}
    installation = Installation(data)
    with database(installation) as url, _bar() as progress:
        for name in filter(keeps_evidence, map(str, log or LOGS)):
            found[name] = loop.run(evidence_one(url, name, installation, progress))
    _tell({name: _checked(one) for name, one in found.items()}, as_json, _say_checked)
    if not all(one.is_clean for one in found.values()):
        raise typer.Exit(Exit.FOUND)


@audit.command(epilog=EXIT_CODES, short_help="出具证明 write a proof file for one event")
def prove(
    event: Annotated[str, typer.Argument(metavar="LOG/POSITION", help="事件，例如 funds/1234。Which event.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="证明文件 where to write; default LOG-POSITION.proof.json")
    ] = None,
    data: Data = DATA,
) -> None:
    """为一条事件出具证明文件：可核对该事件自检查点以来未被改动，而无须给出其他事件。

    Writes a file that proves one event to an outsider without showing the others. It names public keys to check with.
    """
    name, _, number = event.partition("/")
    if name not in LOGS or not number.isdecimal() or len(number) > _DIGITS_MAX:
        raise typer.BadParameter(f"{event}: LOG/POSITION, LOG = {' | '.join(LOGS)}")
    installation = Installation(data)
    with database(installation) as url:
        document = loop.run(prove_one(url, name, int(number), installation.keys))
    path = out or Path(f"{name}-{number}.proof.json")
    try:
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as unwritable:
        raise FileUnwritable(path=path, reason=unwritable.strerror or unwritable) from unwritable
    results.print(f"已写入 written: {path}")
    results.print("核验 check it:  mingjing audit check " + shlex.quote(str(path)) + f" --keys {installation.keys}")


@audit.command(epilog=EXIT_CODES, short_help="比对检查点 compare with what a second agency keeps")
def compare(
    drop: Annotated[
        Path,
        typer.Option("--drop", help="存放检查点的目录 the folder of dropped checkpoints", exists=True, file_okay=False),
    ],
    log: Which = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """用另一机关保存的检查点核对日志：现在的日志是否仍然延续其中每一个。

    Shows that the live logs still extend every checkpoint that a second agency keeps. Ends with 1 when one does not.
    """
    installation = Installation(data)
    with database(installation) as url:
        found = {name: loop.run(compare_one(url, name, installation.keys, drop)) for name in map(str, log or LOGS)}
    documents = {
        name: {"compared": one.compared, "largest": one.largest, "broken": [file for file, _, _ in one.broken]}
        for name, one in found.items()
    }
    _tell(documents, as_json, lambda name, _: _say_compared(name, found[name]))
    if any(one.broken for one in found.values()):
        raise typer.Exit(Exit.FOUND)


@audit.command(epilog=EXIT_CODES, short_help="导出案件 write everything of one case, sealed")
def export(
    case: Annotated[
        str,
        typer.Argument(
            metavar="KIND/ID", help="案件：complaint、task、alert、account、institution 等，加编号 its noun and id"
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", help="理由，记入日志。Why it leaves; stands in the logs.")],
    person: Annotated[
        str,
        typer.Option("--as", metavar="PERSON", help="为何人导出（其登录标识 sub）。For whom; else the machine's user."),
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", help="案件文件 where to write; default KIND-ID.case.zip")] = None,
    data: Data = DATA,
) -> None:
    """把一个案件在各日志中的全部事实连同证明、规则、检查点、摘要与核验程序写入一个封存文件；何人、何故导出，记入日志。

    Writes everything that the logs have of one case into one sealed file: entries with their proofs, the rules that
    they cite, checkpoints, public keys, a summary to read, and the verifier, which needs nothing but Python. Who took
    it and why is put on record in each of these logs, as over HTTP.
    """
    wanted, taker = _case(case), _taker(person, reason)
    installation = Installation(data)
    path = out or Path(f"{wanted.kind}-{wanted.id}.case.zip")
    try:
        with database(installation) as url:
            originals = case_originals(url, installation, wanted, taker)
            made = loop.run(export_case(url, wanted, installation.keys, path, taker, originals))
    except OSError as unwritable:
        raise FileUnwritable(path=path, reason=unwritable.strerror or unwritable) from unwritable
    results.print(f"已写入 written: {path}  {made.entries} 条记录 entries  {made.evidence} 件证据 evidence")
    for missing in made.evidence_missing:
        notes.print(f"未附文件 file not at hand: {missing}")
    for one in made.left_out:
        notes.print(f"未收入 left out: {one}")
    results.print("核验 check it:  mingjing audit check " + shlex.quote(str(path)) + f" --keys {installation.keys}")


def _taker(person: str, reason: str) -> Taker:
    """Without a reason nothing leaves."""
    for name, text in (("--reason", reason), ("--as", person)):
        if len(text) > TEXT_LENGTH_MAX or not text.isprintable():
            raise typer.BadParameter(f"{name}: 1 – {TEXT_LENGTH_MAX} 个字符 characters, one line")
    if not reason.strip():
        raise typer.BadParameter("--reason: 请说明理由 say why")
    return Taker(user=machine_user(), reason=reason.strip(), person=person.strip())


def _case(text: str) -> Case:
    kind, _, id = text.partition("/")
    kinds = case_kinds()
    try:
        wanted = Case(kind, UUID(id))
    except ValueError:
        wanted = None
    if wanted is None or kind not in kinds:
        raise typer.BadParameter(f"{text}: KIND/ID, KIND = {' | '.join(kinds)}")
    return wanted


@audit.command(epilog=EXIT_CODES, short_help="核验证明 check a proof file, no system needed")
def check(
    file: Annotated[
        Path, typer.Argument(help="证明、回执或案件文件 proof, receipt or case file", exists=True, dir_okay=False)
    ],
    key: Annotated[list[str] | None, typer.Option("--key", help="公钥 a public key (vkey); may be repeated")] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="存放 *.vkey 的目录 a directory with *.vkey files")
    ] = None,
    filed: Annotated[
        Path | None, typer.Option("--filed", help="当时提交的内容 what was filed, for a receipt", dir_okay=False)
    ] = None,
) -> None:
    """核验证明文件，无须访问系统：只凭公开的密钥。Check a proof file with nothing but public keys.

    The same check is one Python file that ships with the kernel: mingjing_kernel/audit/check_proof.py.
    """
    known = [*(key or []), *(one.encode() for one in known_keys(keys))] if keys else list(key or [])
    if not known:
        raise typer.BadParameter(
            "缺少公钥，请给出其一 the key to check against is missing, give one: --key VKEY, --keys DIR",
            param_hint="--key / --keys",
        )
    checked = check_file(file, known, filed)
    results.print(report(checked), markup=False, end="")
    if not checked.is_proved:
        raise typer.Exit(Exit.FOUND)


def _checked(one: Any) -> dict[str, Any]:
    findings = [{"code": each.code, "position": each.position, "zh": each.zh, "en": each.en} for each in one.findings]
    sizes = {"kept": one.kept, "files": one.files, "bytes": one.size_bytes}
    return {**sizes, "clean": one.is_clean, "findings": findings}


def _say_checked(name: str, one: dict[str, Any]) -> None:
    verdict = "[green]✓ 完好 intact[/green]" if one["clean"] else "[red]✗ 有问题 something is wrong[/red]"
    results.print(
        f"[bold]{name}[/bold]  {verdict}  {one['kept']:,} 份证据 pieces of evidence，"
        f"{one['files']:,} 个文件 files，{one['bytes']:,} 字节 bytes"
    )
    for each in one["findings"]:
        results.print(f"  [red]{each['zh']}[/red]\n  [dim]{each['en']}[/dim]")


def _verified(one: Any) -> dict[str, Any]:
    return {
        "size": one.size,
        "root": one.root.hex(),
        "hash": one.hash_name,
        "checkpoints": one.checkpoints,
        "segments": one.segments,
        "clean": one.is_clean,
        "signatures_checked": one.signatures_checked,
        "findings": [
            {"code": each.code, "position": each.position, "zh": each.zh, "en": each.en} for each in one.findings
        ],
        "seconds": round(one.seconds, 3),
    }


def _say_verified(name: str, one: Any) -> None:
    verdict = "[green]✓ 完好 intact[/green]" if one.is_clean else "[red]✗ 有问题 something is wrong[/red]"
    results.print(f"[bold]{name}[/bold]  {verdict}  {one.size:,} 条 events  {one.checkpoints} 个检查点 checkpoints")
    results.print(f"  root {one.root.hex()}")
    for each in one.findings:
        results.print(f"  [red]{each.zh}[/red]\n  [dim]{each.en}[/dim]")


def _say_replayed(name: str, one: dict[str, Any]) -> None:
    colour = "red" if one["differences"] else "green"
    results.print(
        f"[bold]{name}[/bold]  [{colour}]{one['differences']} 处差异 differences[/{colour}]  "
        f"{one['events']:,} 条事件 events → {one['rows']:,} 行 rows，{one['tables']} 张表 tables"
    )
    for example in one["examples"]:
        results.print(f"  [red]{example}[/red]")


def _say_compared(name: str, one: Any) -> None:
    verdict = "[red]✗ 不一致 broken[/red]" if one.broken else "[green]✓ 全部延续 extends all of them[/green]"
    verdict = verdict if one.compared else "没有检查点 none there"
    results.print(f"[bold]{name}[/bold]  {verdict}  {one.compared} 个检查点 checkpoints，至 up to {one.largest:,}")
    for file, zh, en in one.broken:
        results.print(f"  [red]{file}: {zh}[/red]\n  [dim]{en}[/dim]")


def _tell(documents: dict[str, Any], as_json: bool, say: Callable[[str, Any], None]) -> None:
    if as_json:
        results.print(json.dumps(documents, ensure_ascii=False))
        return
    for name, one in documents.items():
        say(name, one)


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=notes, transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda name, done, total: shown.update(task, description=name, completed=done, total=total)
