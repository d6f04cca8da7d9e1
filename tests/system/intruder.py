"""Somebody who sends whatever he likes to every service, and keeps every answer: to be searched for people."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from chaos.box import Box
from chaos.load import Caller
from mingjing_kernel.identifiers import new_id

OPERATOR, BANKER, AUDITOR, ADMINISTRATOR = "hotline-operator", "fund-regulator", "auditor", "administrator"
INSPECTOR = "inspector"
WHY = {"Mingjing-Reason": quote("本人来电")}


class Intruder:
    """Sends whatever it likes, and keeps every answer."""

    def __init__(self, box: Box, caller: Caller) -> None:
        self.box, self.caller = box, caller
        self.client = httpx.AsyncClient(timeout=60, trust_env=False)
        self.answers: list[tuple[str, httpx.Response]] = []

    async def send(self, who: str, method: str, service: str, path: str, **more: Any) -> httpx.Response:
        token = await self.caller._token(who)
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": str(more.pop("key", new_id())),
            "Content-Type": "application/octet-stream" if "files" in path and "content" in more else "application/json",
        } | more.pop("headers", {})
        url = f"{self.box.urls[service]}/{service}/v1{path}"
        answer = await self.client.request(method, url, headers=headers, **more)
        self.answers.append((f"{method} {service}{path.partition('?')[0]}", answer))
        return answer

    async def read_alone(self, who: str, service: str, path: str, **more: Any) -> Any:
        """An answer that shows somebody in the clear, as it was asked to: it is not among those that are searched."""
        kept = list(self.answers)
        answer = await self.send(who, "POST", service, path, **more)
        self.answers = kept
        assert answer.is_success, answer.text
        return answer.json()
