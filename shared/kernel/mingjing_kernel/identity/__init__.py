"""Identity: who calls, with which grants; one policy decides an act and renders SQL."""

from mingjing_kernel.identity.act import Act, named, roles
from mingjing_kernel.identity.apart import APART, Conflict, conflicts
from mingjing_kernel.identity.grant import ANY, UNDIVIDED, Columns, Dimensions, Grant
from mingjing_kernel.identity.keys import KeySource, PublishedKeys, StaticKeys
from mingjing_kernel.identity.refusals import (
    GrantMissing,
    NotSignedIn,
    OtherPersonMust,
    OutsideScope,
    RolesConflict,
    TokenRefused,
)
from mingjing_kernel.identity.role import EVERYONE, OFFICIALS, OUTSIDERS, Role
from mingjing_kernel.identity.scope import ANONYMOUS, Principal, Scope, Session
from mingjing_kernel.identity.token import TokenChecker

__all__ = [
    "ANONYMOUS",
    "ANY",
    "APART",
    "EVERYONE",
    "OFFICIALS",
    "OUTSIDERS",
    "UNDIVIDED",
    "Act",
    "Columns",
    "Conflict",
    "Dimensions",
    "Grant",
    "GrantMissing",
    "KeySource",
    "NotSignedIn",
    "OtherPersonMust",
    "OutsideScope",
    "Principal",
    "PublishedKeys",
    "Role",
    "RolesConflict",
    "Scope",
    "Session",
    "StaticKeys",
    "TokenChecker",
    "TokenRefused",
    "conflicts",
    "named",
    "roles",
]
