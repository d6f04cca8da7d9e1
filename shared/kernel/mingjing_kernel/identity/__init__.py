"""Identity: who calls, with which grants; one policy decides an act and renders SQL."""

from mingjing_kernel.identity.grant import ANY, UNDIVIDED, Grant
from mingjing_kernel.identity.keys import KeySource, PublishedKeys, StaticKeys
from mingjing_kernel.identity.refusals import NotSignedIn, OutsideScope, TokenRefused
from mingjing_kernel.identity.role import EVERYONE, OFFICIALS, OUTSIDERS, Role
from mingjing_kernel.identity.scope import ANONYMOUS, Principal, Scope, Session
from mingjing_kernel.identity.token import TokenChecker

__all__ = [
    "ANONYMOUS",
    "ANY",
    "EVERYONE",
    "OFFICIALS",
    "OUTSIDERS",
    "UNDIVIDED",
    "Grant",
    "KeySource",
    "NotSignedIn",
    "OutsideScope",
    "Principal",
    "PublishedKeys",
    "Role",
    "Scope",
    "Session",
    "StaticKeys",
    "TokenChecker",
    "TokenRefused",
]
