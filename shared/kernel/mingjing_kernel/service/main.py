"""The command line of one service: ``migrate``, ``serve``, ``relay``, ``rebuild``.

The same code runs as one process (``serve``) or as many (``serve --without relay`` beside ``relay``).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from enum import StrEnum
from typing import Annotated, Any

import structlog
import typer

from mingjing_kernel import loop
from mingjing_kernel.listening import check_address
from mingjing_kernel.log import Log
from mingjing_kernel.log.database import is_away
from mingjing_kernel.logging import configure_logging
from mingjing_kernel.projection.rebuild import rebuild as rebuild_models
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.refused import EXIT_REFUSED, say_refused
from mingjing_kernel.service.definition import Service
from mingjing_kernel.service.folding import Folding, can_fold_apart
from mingjing_kernel.service.host import PARTS, Host
from mingjing_kernel.service.migrating import DatabaseUnreachable, Phase, check_migrated
from mingjing_kernel.service.migrating import migrate as migrate_all
from mingjing_kernel.service.serving import make_server
from mingjing_kernel.service.talking import make_topology
from mingjing_kernel.settings import ENV_PREFIX, ServiceSettings, SettingsInvalid, load_settings

STOP_SECONDS_MAX = 12.0
"""Whoever stops us (supervisor, systemd, Kubernetes) waits longer before it kills."""


Part = StrEnum("Part", {part.upper().replace("-", "_"): part for part in sorted(PARTS)})  # type: ignore[misc]
"""What a process may carry, as a choice on the command line."""


class ProgramDefect(Refusal):
    """Something that should not have happened: a mistake in the program."""

    sentence = "The {service} service ended by a defect of the program: {reason}"
    remedy = "Report it with the service's log; facts that were acknowledged are safe."
    status = 500


def make_main(service: Service) -> Callable[[], None]:
    """The entry point of ``mingjing-<service>``."""
    cli = typer.Typer(name=f"mingjing-{service.name}", help=f"{service.title}\n\n{service.description}",
                      no_args_is_help=True, add_completion=False)  # fmt: skip

    @cli.command()
    def migrate(
        phase: Annotated[
            Phase | None, typer.Option(help="pre: 部署前 before the new code; post: 部署后 after it")
        ] = None,
    ) -> None:
        """迁移数据库并按需重建读模型。Bring the database up to date; rebuild read models where needed."""
        _run(service, lambda settings: _prepare(service, settings, phase))

    @cli.command()
    def serve(
        without: Annotated[list[Part] | None, typer.Option(help="不在本进程运行 leave out of this process")] = None,
    ) -> None:
        """对外服务。Answer HTTP, fold read models, relay, hear the others, write checkpoints."""
        with _saying_refusals(service):
            _serve_and_fold(service, _settings(service), PARTS - {str(part) for part in without or ()})

    @cli.command()
    def relay() -> None:
        """只做转发。Only publish what this service tells the others."""
        _run(service, lambda settings: _carry(service, settings, frozenset({"relay"})))

    @cli.command()
    def rebuild() -> None:
        """蓝绿重建读模型。Fold the whole log into new read models, then swap them in."""
        _run(service, lambda settings: _rebuild(service, settings))

    return cli


def _run(service: Service, act: Callable[[Any], Coroutine[Any, Any, None]]) -> None:
    with _saying_refusals(service):
        loop.run(act(_settings(service)))


def _settings(service: Service) -> ServiceSettings:
    settings = load_settings(service.settings)
    if not settings.postgres_url:
        raise SettingsInvalid(variable=f"{ENV_PREFIX}POSTGRES_URL", reason="it is not set")
    configure_logging(service.name, settings.log_level)
    return settings


@contextlib.contextmanager
def _saying_refusals(service: Service) -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        say_refused(refusal)
        raise SystemExit(EXIT_REFUSED) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as fault:  # the outermost edge: a person meets sentences, the log has the traceback
        say_refused(_sentence(service, fault))
        raise SystemExit(EXIT_REFUSED) from None


def _sentence(service: Service, fault: Exception) -> Refusal:
    reason = f"{type(fault).__name__}: {fault}"
    if is_away(fault):
        return DatabaseUnreachable(service=service.name, reason=reason)
    structlog.get_logger("mingjing.main").error("service.failed", exc_info=fault)
    return ProgramDefect(service=service.name, reason=reason)


async def _prepare(service: Service, settings: ServiceSettings, phase: Phase | None) -> None:
    """Everything that the service's own users may not do."""
    await _migrate(service, settings, phase)
    if settings.nats_admin_url:
        await make_topology(service, settings)


async def _migrate(service: Service, settings: ServiceSettings, phase: Phase | None = None) -> None:
    await migrate_all(
        service, settings.owner_url, phase, hash_name=settings.hash_algorithm, login=settings.postgres_url
    )


def _serve_and_fold(service: Service, settings: ServiceSettings, parts: frozenset[str]) -> None:
    """Serve until told to stop; the lists are folded beside it where the settings say so."""
    loop.run(_make_ready(service, settings))
    wanted = settings.fold_apart and bool(service.read_models) and "projections" in parts
    if not wanted or not can_fold_apart():
        if wanted:
            structlog.get_logger("mingjing.main").warning("service.folds_itself", service=service.name)
        loop.run(_serve(service, settings, parts))
        return
    lists = frozenset({"projections"})
    folding = Folding(lambda: _run(service, lambda settings: _carry(service, settings, lists)))
    try:
        loop.run(_serve(service, settings, parts - lists, folding))
    finally:
        folding.stop()


async def _make_ready(service: Service, settings: ServiceSettings) -> None:
    if settings.migrate_at_start:
        await _migrate(service, settings)
    await check_migrated(service, settings.postgres_url)
    check_address(settings.http_host, settings.http_port)


async def _serve(
    service: Service, settings: ServiceSettings, parts: frozenset[str], folding: Folding | None = None
) -> None:
    host = Host(service, settings, parts=parts, when_ready=loop.calm_collector)
    watching = asyncio.create_task(folding.ended()) if folding else None
    if watching is not None:
        watching.add_done_callback(host.notice)
    try:
        await _until_stopped(make_server(host.app(), settings), host, folding)
    finally:
        if watching is not None:
            watching.cancel()


async def _until_stopped(server: Any, host: Host, folding: Folding | None) -> None:
    """Until a signal, or until a part of the host gave up: then the process ends with that part's own words."""
    loop = asyncio.get_running_loop()
    serving = asyncio.create_task(server.serve())

    def stop() -> None:
        server.stop()
        if folding is not None:
            folding.ask()
        loop.call_later(STOP_SECONDS_MAX, _give_up, host.service.name)

    for signal_ in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_, stop)
    failing = asyncio.create_task(host.failed.wait())
    await asyncio.wait({serving, failing}, return_when=asyncio.FIRST_COMPLETED)
    failing.cancel()
    if not serving.done():
        server.stop()
    try:
        await serving
    finally:
        if host.fault is not None:  # of a start that failed the server only says that it did
            raise host.fault from None


def _give_up(service: str) -> None:
    """An end that takes too long: the database went first, and somebody waits for it. What was acknowledged is safe."""
    structlog.get_logger("mingjing.main").error("service.stop_takes_too_long", service=service)
    os._exit(EXIT_REFUSED)


async def _carry(service: Service, settings: ServiceSettings, parts: frozenset[str]) -> None:
    """Run parts that answer no HTTP until told to stop."""
    await check_migrated(service, settings.postgres_url)
    host = Host(service, settings, parts=parts, when_ready=loop.calm_collector)
    running = asyncio.get_running_loop()

    def stop() -> None:
        host.failed.set()
        running.call_later(STOP_SECONDS_MAX, _give_up, service.name)

    for signal_ in (signal.SIGTERM, signal.SIGINT):
        running.add_signal_handler(signal_, stop)
    async with host.running():
        await host.failed.wait()
    if host.fault is not None:
        raise host.fault


async def _rebuild(service: Service, settings: ServiceSettings) -> None:
    await check_migrated(service, settings.postgres_url)
    log = Log(settings.owner_url, service.name, service.streams)
    await log.start(writing=False)
    try:
        done = await rebuild_models(log, service.read_models)
        events = f"由 {done.events} 条事件重建 rebuilt from {done.events} events"
        sys.stdout.write(f"{service.name}: {events}; {done.sentence()}\n")
    finally:
        with contextlib.suppress(Exception):
            await log.stop()
