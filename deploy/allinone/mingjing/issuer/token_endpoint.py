"""The token endpoint: for codes, for refresh tokens, for machines, and for whoever plays a demo person on this machine.

The one rule: a client that has a key is never believed without it. What fails counts against the client at its
address; after ten failures it waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from mingjing.issuer import asking
from mingjing.issuer.clients import MACHINES, Clients
from mingjing.issuer.people import PEOPLE
from mingjing.issuer.refusals import ClientNotProven, GrantInvalid, TokenRequestInvalid
from mingjing.issuer.sign_ins import SignIn, SignIns
from mingjing.issuer.tokens import TOKEN_SECONDS, Tokens
from mingjing_kernel.clock import Clock
from mingjing_kernel.http.certificate import certificate_of
from mingjing_kernel.http.throttle import address_of
from mingjing_kernel.identity.lockout import Lockout

CERTIFICATE_HEADER = "Client-Cert"
LOOPBACK = ("127.0.0.1", "::1")
"""Only this machine calls; a proxy on it may hand over the certificate that a client showed (RFC 9440)."""
Answer = Mapping[str, Any]


class TokenEndpoint:
    """Answers ``/token`` and ``/revoke``."""

    def __init__(self, tokens: Tokens, sign_ins: SignIns, clients: Clients, now: Clock) -> None:
        self._tokens = tokens
        self._sign_ins = sign_ins
        self._clients = clients
        # All callers share one address here: only a client at it is ever locked, never the machine.
        self._lockout = Lockout(now, address_failures_max=None)

    async def answer(self, request: Request, asked: Answer) -> Answer:
        """The token response. Raises a refusal that names what is wrong."""
        client, address = self._clients.named(asked), address_of(request.scope)
        self._lockout.require_open(address, client)
        try:
            found = await self._granted(request, asked, client)
        except (ClientNotProven, GrantInvalid) as refused:
            self._lockout.failed(address, client or "?", reason=str(refused))
            raise
        self._lockout.succeeded(address, client)
        return found

    async def revoke(self, request: Request, asked: Answer) -> None:
        """End the sign-in of a refresh token. Raises ``ClientNotProven``."""
        client, address = self._clients.named(asked), address_of(request.scope)
        self._lockout.require_open(address, client)
        try:
            await self._clients.require(client, asked)
        except ClientNotProven as refused:
            self._lockout.failed(address, client or "?", reason=str(refused))
            raise
        self._sign_ins.end_of(str(asked.get("token", "")), client)

    async def _granted(self, request: Request, asked: Answer, client: str) -> Answer:
        certificate = certificate_of(request.scope, CERTIFICATE_HEADER, LOOPBACK)
        match asked.get("grant_type", "client_credentials"):
            case "client_credentials":
                return await self._for_machine(asked, client, certificate)
            case "authorization_code":
                await self._clients.require(client, asked)
                code, verifier = str(asked.get("code", "")), str(asked.get("code_verifier", ""))
                signed_in = self._sign_ins.exchange(code, client, str(asked.get("redirect_uri", "")), verifier)
                return self._for_person(*signed_in, certificate)
            case "refresh_token":
                await self._clients.require(client, asked)
                signed_in = self._sign_ins.refresh(str(asked.get("refresh_token", "")), client)
                return self._for_person(*signed_in, certificate)
            case _:
                raise TokenRequestInvalid(reason="grant_type is not known here")

    async def _for_machine(self, asked: Answer, client: str, certificate: str) -> Answer:
        if client in MACHINES or "client_assertion" in asked:
            await self._clients.require(client, asked)
            if client not in MACHINES:
                raise ClientNotProven(reason="this client signs people in and nobody else")
        person = asking.person_of(asked, MACHINES.get(client, client))
        if person.kind != "person" and client not in MACHINES:
            raise ClientNotProven(reason="a service proves itself with its own key, as service-registry or the like")
        seconds = asking.seconds_of(asked)
        token = self._tokens.access(person, client, seconds=seconds, certificate=certificate)
        return {"access_token": token, "token_type": "Bearer", "expires_in": seconds}

    def _for_person(self, sign_in: SignIn, refresh: str, certificate: str) -> Answer:
        person = PEOPLE[sign_in.person]
        client = sign_in.asked.client_id
        access = self._tokens.access(person, client, seconds=TOKEN_SECONDS, sid=sign_in.sid, certificate=certificate)
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "refresh_token": refresh,
            "id_token": self._tokens.identity(person, sign_in),
            "scope": "openid",
        }
