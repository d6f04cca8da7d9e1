"""What we ship that others wrote: known weaknesses, a list of it (SBOM), and its licences.

    python deploy/allinone/tools/supply_chain.py audit       known advisories against the lock file
    python deploy/allinone/tools/supply_chain.py sbom DIR    write and check DIR/mingjing.cdx.json (CycloneDX 1.5)
    python deploy/allinone/tools/supply_chain.py licences    refuse a licence that would bind our users

The one rule: "nothing was found" and "nobody could look" are never told in the same words. A network without the
database of advisories says so loudly and does not stop the work; a known advisory does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
SBOM = "mingjing.cdx.json"
SCHEMAS = ("bom-1.5.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json", "spdx.SNAPSHOT.schema.json")
"""The document's own and what it refers to, as ``cyclonedx-python-lib`` carries them."""
KEPT = ("type", "name", "version", "purl")
"""Of a part within a package: what every version of CycloneDX has in common."""
AUDIT_SECONDS_MAX = 180
FOUND, UNKNOWN = 1, 0
_AWAY = re.compile(r"dns error|error sending request|timed out|connect|certificate|proxy", re.IGNORECASE)
_ADVISORY = re.compile(r"(GHSA|CVE|PYSEC|OSV|RUSTSEC|MAL)-")
_BINDING = re.compile(r"\b(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
"""LGPL libraries are used as they are, by import, and may be replaced by whoever runs them."""
_LESSER = re.compile(r"\bL-?GPL|Lesser General", re.IGNORECASE)


def main(arguments: list[str]) -> int:
    """The number of the exit."""
    match arguments:
        case ["audit"]:
            return audit()
        case ["sbom", directory]:
            return sbom(Path(directory))
        case ["licences"]:
            return licences()
        case _:
            sys.stderr.write(__doc__ or "")
            return 64


def audit() -> int:
    """Ask the advisory database (OSV) about every package of the lock file that users get."""
    asked = [_uv(), "audit", "--frozen", "--no-dev", "--output-format", "json"]
    try:
        ended = subprocess.run(
            asked, cwd=ROOT, capture_output=True, text=True, timeout=AUDIT_SECONDS_MAX, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return _nobody_looked(f"no answer within {AUDIT_SECONDS_MAX} s")
    return judged(ended.returncode, ended.stdout, ended.stderr)


def judged(code: int, answer: str, said: str) -> int:
    """What an answer of ``uv audit`` comes to."""
    found = _findings(answer)
    if found:
        sys.stderr.write("已知漏洞 KNOWN ADVISORIES\n" + "".join(f"  {line}\n" for line in found))
        return FOUND
    if found is None:  # no report at all
        reason = next((line.strip() for line in said.splitlines() if _AWAY.search(line)), "")
        if reason or not said.strip():
            return _nobody_looked(reason or "no answer")
        sys.stderr.write(said)
        return code or FOUND  # a mistake of ours must not look like a quiet database
    if code:  # something is wrong that this file does not know how to read: never a quiet success
        sys.stderr.write(f"{answer}\n{said}\n")
        return code
    sys.stdout.write("依赖无已知漏洞 no known advisory concerns the packages of the lock file\n")
    return 0


def _findings(answer: str) -> list[str] | None:
    """Each advisory as ``package version: id``; ``None`` where there is no report."""
    try:
        report = json.loads(answer)
    except ValueError:
        return None
    return sorted(set(_advisories(report)))


def _advisories(part: Any, package: str = "") -> Iterator[str]:
    """The report nests advisories under their packages; whoever reads it by shape survives its next version."""
    if isinstance(part, dict):
        name = part.get("name") or (part.get("package") if isinstance(part.get("package"), str) else "")
        package = f"{name} {part.get('version', '')}".strip() if name else package
        if isinstance(part.get("id"), str) and _ADVISORY.match(part["id"]):
            yield f"{package}: {part['id']}"
        for value in part.values():
            yield from _advisories(value, package)
    elif isinstance(part, list):
        for value in part:
            yield from _advisories(value, package)


def _nobody_looked(reason: str) -> int:
    frame = "!" * 78
    sys.stderr.write(
        f"{frame}\n漏洞库无法访问，依赖未经审计：{reason}\n"
        f"THE ADVISORY DATABASE COULD NOT BE REACHED: THE DEPENDENCIES WERE NOT AUDITED ({reason})\n"
        f"请在能访问 https://api.osv.dev 的机器上重跑 just audit。 Run it again where that address answers.\n{frame}\n"
    )
    return UNKNOWN


def sbom(directory: Path) -> int:
    """Write the list of everything that users get, and check it against its schema and against the lock file."""
    directory.mkdir(parents=True, exist_ok=True)
    export = ["export", "--frozen", "--no-dev", "--all-packages", "--format", "cyclonedx1.5", "--quiet"]
    listed = subprocess.run([_uv(), *export], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        sys.stderr.write(listed.stderr)
        return FOUND
    document = json.loads(listed.stdout)
    inside = add_carried(document)
    faults = [*schema_faults(document), *list_faults(document)]
    if faults:
        sys.stderr.write("".join(f"SBOM: {fault}\n" for fault in faults[:20]))
        return FOUND
    path = directory / SBOM
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"软件物料清单 {path}: {len(document['components'])} 个组件 components, 内含 carrying {inside}\n")
    return 0


def add_carried(document: dict[str, Any]) -> int:
    """Put below each listed package what its wheel carries inside, which no lock file names; how many parts they are.

    What a package says of itself (PEP 770) is taken as it says it. Of a library that lies in it unnamed, its file name
    and digest are all that anybody can know.
    """
    count = 0
    for component in document["components"]:
        try:
            package = metadata.distribution(component["name"])
        except metadata.PackageNotFoundError:
            continue  # not for this system
        parts = _distinct([*_said_by(package), *_unnamed_in(package)])
        if parts:
            component["components"] = parts
            count += len(parts)
    return count


def _said_by(package: metadata.Distribution) -> Iterator[dict[str, Any]]:
    own = package.metadata["Name"].casefold().replace("_", "-")
    for file in package.files or ():
        if "sboms" in file.parts and file.name.endswith(".json"):
            for one in json.loads(file.read_text(encoding="utf-8")).get("components", []):
                if one["name"].casefold().replace("_", "-") != own:
                    yield {name: one[name] for name in KEPT if one.get(name)}


def _unnamed_in(package: metadata.Distribution) -> Iterator[dict[str, Any]]:
    for file in package.files or ():
        if file.name.startswith("lib") and ".so" in file.name:
            digest = sha256(file.locate().read_bytes()).hexdigest()  # type: ignore[attr-defined]  # a SimplePath
            yield {"type": "file", "name": file.name, "hashes": [{"alg": "SHA-256", "content": digest}]}


def _distinct(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({json.dumps(part, sort_keys=True): part for part in parts}.values())


def schema_faults(document: Any) -> list[str]:
    """Where a document breaks the CycloneDX schema."""
    import jsonschema_rs  # noqa: PLC0415 only this command needs it, and users do not have it

    schemas = Path(str(metadata.distribution("cyclonedx-python-lib").locate_file("cyclonedx/schema/_res")))
    whole, *parts = (json.loads((schemas / name).read_text("utf-8")) for name in SCHEMAS)
    places = (f"http://cyclonedx.org/schema/{name}" for name in SCHEMAS[1:])  # as the first one refers to them
    registry = jsonschema_rs.Registry(list(zip(places, parts, strict=True)))
    validator = jsonschema_rs.Draft7Validator(whole, registry=registry)
    return [f"{error.instance_path}: {error.message}"[:300] for error in validator.iter_errors(document)]


def list_faults(document: Any) -> list[str]:
    """What the lock file has from elsewhere and the document lacks, or lists without a digest."""
    locked = {(one["name"], one["version"]): one for one in _locked()}
    listed = {(one["name"], one.get("version", "")): one for one in document["components"]}
    shipped = {(one["name"], one["version"]) for one in _closure(locked)}
    faults = [f"{name} {version} is missing" for name, version in sorted(shipped - listed.keys())]
    for key in sorted(shipped & listed.keys()):
        files = listed[key].get("externalReferences", [])
        if not files or not all(file.get("hashes") for file in files):
            faults.append(f"{key[0]} {key[1]} has no digest")
    return faults


def _locked() -> list[dict[str, Any]]:
    packages: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    return packages


def _closure(locked: dict[tuple[str, str], dict[str, Any]]) -> list[dict[str, Any]]:
    """Every package from an index that one of ours needs wherever it runs; what only some systems need is left out."""
    by_name: dict[str, dict[str, Any]] = {name: one for (name, _), one in locked.items()}
    waiting = [name for name, one in by_name.items() if "editable" in one["source"]]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        one = by_name[name]
        waiting += [need["name"] for need in one.get("dependencies", []) if "marker" not in need]
    return [by_name[name] for name in seen if "registry" in by_name[name]["source"]]


def licences() -> int:
    """Refuse a package in what users get whose licence reaches over to the work that uses it."""
    found: dict[str, str] = {}
    for one in _closure({(one["name"], one["version"]): one for one in _locked()}):
        try:
            found[one["name"]] = licence_of(metadata.distribution(one["name"]).metadata)
        except metadata.PackageNotFoundError:
            continue  # not for this system
    bad = {name: said for name, said in found.items() if binds(said)}
    for name, said in sorted(found.items()):
        sys.stdout.write(f"{name}: {said or '未说明 not stated'}\n")
    for name, said in bad.items():
        sys.stderr.write(f"许可证不可用 licence cannot be used: {name}: {said}\n")
    return FOUND if bad else 0


def licence_of(about: Any) -> str:
    """What a package says its licence is: the expression, else its classifiers, else the first line of the field."""
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if "License ::" in line]
    return ", ".join(classifiers) or str(about.get("License") or "").strip().partition("\n")[0][:80]


def binds(licence: str) -> bool:
    """Whether a licence would bind whoever uses the package in a work of their own, with no other to choose."""
    choices = re.split(r"\bOR\b", licence)
    return all(_BINDING.search(choice) and not _LESSER.search(choice) for choice in choices)


def _uv() -> str:
    """Where ``./mingjing`` finds or puts it."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mingjing" / "uv" / "uv"
    found = shutil.which("uv") or (str(home) if home.exists() else None)
    if found is None:
        sys.exit("没有找到 uv。 uv was not found: run ./mingjing version once.")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
