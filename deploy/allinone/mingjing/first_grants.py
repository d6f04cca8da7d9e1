"""The demo people's first grants: given once, by an installer whom the settings name, through the public address.

The one rule: what the demo people may do is in the log from the first hour on, as it would be in a county; their tokens
say who they are and nothing else. Given again, nothing changes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import httpx

from mingjing.calling import ServiceAway
from mingjing.installation import ISSUER
from mingjing.keys import CONSOLE
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.refusal import Refusal

INSTALLER = "installer"
"""The demo person who may give grants while nobody is an administrator."""
REASON = "演示安装：按岗位授权 demo installation: by post"
LEGAL_BASIS = "演示数据，无文号 demo data, no document"
REQUEST_SECONDS_MAX = 30.0
HEARD_SECONDS_MAX = 30.0
_POLL_SECONDS = 0.02


class GrantsRefused(Refusal):
    """The console did not take the first grants."""

    sentence = "The demo people could not be given their grants: {reason}."
    remedy = "Look at console.log in the data directory; start again, or use a new --data directory."
    status = 500


def demo_subject(key: str) -> str:
    """What a demo person's tokens say: the same in every installation, so that demo logs can be compared."""
    return f"demo-{derived_id('demo-person', key)}"


def give_first_grants(urls: Mapping[str, str]) -> int:
    """Give the demo people their grants unless somebody is an administrator already; returns how many were given.

    Returns when every service knows of them. Raises ``ServiceAway``, ``GrantsRefused``.
    """
    with httpx.Client(timeout=REQUEST_SECONDS_MAX, trust_env=False) as client:
        try:
            asked = {"grant_type": "client_credentials", "client_id": INSTALLER}
            token = client.post(f"{urls[ISSUER]}/token", data=asked).raise_for_status().json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            address = f"{urls[CONSOLE]}/{CONSOLE}/v1"
            if not client.get(f"{address}/me").raise_for_status().json()["is_first_administrator"]:
                return 0
            grants = demo_grants()
            key = str(derived_id("demo-first-grants", [grant["grant_id"] for grant in grants]))
            answer = client.post(f"{address}/grants", json={"grants": grants}, headers={"Idempotency-Key": key})
            if not answer.is_success:
                raise GrantsRefused(reason=answer.text[:300])
            _await_heard(client, urls, len(grants))
            return len(grants)
        except httpx.HTTPError as away:
            raise ServiceAway(service=CONSOLE, reason=str(away) or type(away).__name__) from away


def demo_grants() -> list[dict[str, Any]]:
    """The grants of all demo people, as the console takes them. Services have theirs in their tokens."""
    people = import_module("mingjing.issuer.people")  # with SQLAlchemy: only the first start needs it
    return [
        {
            "grant_id": str(derived_id("demo-grant", person.key, number)),
            "person": person.subject,
            "name": person.name,
            "home_department": person.department or grant.department,
            "home_region": person.region,
            "role": grant.role.value,
            "department": grant.department,
            "region": grant.region,
            "category": grant.category,
            "organisation": grant.organisation,
            "reason": REASON,
            "legal_basis": LEGAL_BASIS,
        }
        for person in (*people.PEOPLE.values(), *people.ACTING_PEOPLE.values())
        if person.kind == "person"
        for number, grant in enumerate(person.grants)
    ]


def _await_heard(client: httpx.Client, urls: Mapping[str, str], count: int) -> None:
    """Until every service has noted them. One that is late hears of them later: nobody is let in there until then."""
    deadline = time.monotonic() + HEARD_SECONDS_MAX
    waiting = [name for name in urls if name not in (CONSOLE, ISSUER)]
    while waiting and time.monotonic() < deadline:
        waiting = [name for name in waiting if _known(client, f"{urls[name]}/{name}/v1/health") < count]
        time.sleep(_POLL_SECONDS if waiting else 0)


def _known(client: httpx.Client, url: str) -> int:
    return int(client.get(url).json()["access"]["grants"])
