"""The export profiles that ship, read once from the package's data; they count until another version is approved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import msgspec

from mingjing_registry.domain.export_profile import Profile, check

SHIPPED_VERSION = "default/1"


@cache
def shipped() -> Mapping[str, Profile]:
    """By name. Each passes what a proposed one must."""
    text = files("mingjing_registry.data").joinpath("export_profiles.json").read_text(encoding="utf-8")
    told = json.loads(text)
    words = told["terms"]
    found = {}
    for line in told["profiles"]:
        columns = [
            column | {"terms": words[column["terms"]]} if "terms" in column else column for column in line["columns"]
        ]
        profile = msgspec.convert(line | {"columns": columns}, Profile)
        check(profile)
        found[profile.name] = profile
    return MappingProxyType(found)
