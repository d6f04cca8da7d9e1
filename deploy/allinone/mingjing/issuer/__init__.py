"""A development issuer with named demo people, for this machine only."""

from mingjing.issuer.app import make_issuer
from mingjing.issuer.keyring import issuer_keys
from mingjing.issuer.people import PEOPLE, DemoPerson

__all__ = ["PEOPLE", "DemoPerson", "issuer_keys", "make_issuer"]
