"""``mingjing keys``: the keys of services that run on machines of their own.

The one rule: what is there is never replaced, and a part of a set is never completed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mingjing.certificates import make_certificates
from mingjing.cli.screen import DATA, EXIT_CODES, Data, results
from mingjing.installation import Installation
from mingjing.issuer.keyring import FILE_NAME, FORMER_FILE_NAME
from mingjing.issuer.keyring import rotate as rotate_keys
from mingjing.keys import complete, missing_keys
from mingjing.passwords import make_passwords
from mingjing.servers import places
from mingjing_kernel.clock import system_clock
from mingjing_kernel.refusal import Refusal

keys = typer.Typer(
    help="密钥：为分布在多台机器上的服务生成密钥。Keys for services that run on machines of their own.",
    no_args_is_help=True,
    epilog=EXIT_CODES,
)


class KeysIncomplete(Refusal):
    """A part of the keys is there: whatever is missing belonged to them."""

    sentence = "There are keys in {directory} already, but not all: {names} are missing."
    remedy = "Put the missing files back from your backup, or name an empty directory."
    status = 503


class NoIssuerKey(Refusal):
    """Where there is no development issuer, its keys cannot be rotated."""

    sentence = "There is no development issuer's key in {directory}."
    remedy = "Name the data directory of an all-in-one; a real identity provider rotates its keys itself."
    status = 503


@keys.callback()
def _group() -> None:
    pass


@keys.command(epilog=EXIT_CODES, short_help="生成密钥 make keys")
def make(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="密钥目录。Where they are to lie.", file_okay=False)],
) -> None:
    """生成封存、索引与签名密钥及公钥，只在目录为空时生成；请立即备份。

    Makes the sealing, index and signing keys with their public halves. Each service finds them through
    MINGJING_DATA_DIR, in the folder keys below it. Where all are there, only missing public halves are written.
    With MINGJING_POSTGRES_URL set, nothing is made for a database that was written with other keys.
    Make a backup of them at once: nothing can replace them.
    """
    missing = missing_keys(directory)
    if missing and any(directory.glob("*.key")):
        raise KeysIncomplete(directory=directory, names=", ".join(missing))
    places.prepare(directory, None)
    made = complete(directory)
    results.print(f"已生成 made in {directory}: {', '.join(made)}" if made else "密钥齐全。 All keys are there.")


@keys.command(epilog=EXIT_CODES, short_help="开发用证书 certificates for development")
def certificates(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="证书目录。Where they are to lie.", file_okay=False)],
    host: Annotated[
        list[str] | None, typer.Option(help="证书所含主机名或地址。Names or addresses to stand in them.")
    ] = None,
) -> None:
    """生成开发用根证书及各服务证书，用于全程 TLS；正式环境请用本单位的证书机构。

    Makes an authority for development and a certificate for each service, PostgreSQL and NATS, for TLS on every link.
    Each names its member, this machine and every --host. What is there stays. For real work use your own authority.
    """
    places.prepare(directory, None)
    made = make_certificates(directory, host or ())
    results.print(
        f"已生成 made in {directory}: {', '.join(made)}" if made else "证书齐全。 All certificates are there."
    )


@keys.command(epilog=EXIT_CODES, short_help="密码 passwords for a cluster")
def passwords(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="密码目录。Where they are to lie.", file_okay=False)],
) -> None:
    """生成各服务访问 PostgreSQL 与 NATS 的密码文件（权限 0600），供 deploy/compose.yaml 使用；已有的不动。

    Makes a file with the URL and password of each service's own user of PostgreSQL and NATS, for deploy/compose.yaml
    or for MINGJING_POSTGRES_URL_FILE and MINGJING_NATS_URL_FILE anywhere else. What is there stays.
    """
    places.prepare(directory, None)
    made = make_passwords(directory)
    results.print(f"已生成 made in {directory}: {', '.join(made)}" if made else "密码齐全。 All passwords are there.")


@keys.command(epilog=EXIT_CODES, short_help="轮换签发密钥 rotate the issuer's key")
def rotate(data: Data = DATA) -> None:
    """轮换开发用签发方的签名密钥：下一把成为现用，现用的保留到其签发的令牌全部到期。不必停机。

    The next key of the development issuer becomes the current one; the current one stays published until the last
    token that it signed has ended. Nobody is signed out, and nothing has to be restarted.
    """
    directory = Installation(data).keys
    if not any((directory / name).exists() for name in (FILE_NAME, FORMER_FILE_NAME)):
        raise NoIssuerKey(directory=directory)
    sheet = rotate_keys(directory, system_clock())
    results.print(f"现用 current: {sheet.current.kid}  下一把 next: {sheet.next.kid}  保留 kept: {len(sheet.retired)}")
