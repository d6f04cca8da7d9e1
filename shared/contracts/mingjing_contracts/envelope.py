"""What every contract is: a pydantic model with a subject, frozen for ever once it is released.

The one rule: a released contract never changes. A new need is a new class with the next version, a new subject and a
golden file of its own (``tests/contracts/golden``); the old one keeps being published until nobody consumes it.

Unknown fields are *forbidden*, not ignored: since a released version cannot grow, a field that we do not know means
that somebody broke the rule, and ignoring it would lose a fact in silence. Such a message is parked, where a person
sees it, and replayed once the right release runs.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

ContractT = TypeVar("ContractT", bound="Contract")

SUBJECT = re.compile(
    r"(?P<service>[a-z]+)\.evt\.(?P<noun>[a-z][a-z0-9-]*)\.(?P<fact>[a-z][a-z0-9-]*)\.v(?P<version>[1-9][0-9]*)"
)
"""``<service>.evt.<noun>.<fact>.v<n>``."""


class Contract(BaseModel):
    """A fact that one service tells the others. Subclasses are named ``<Fact>V<n>`` and set ``subject``.

    Fields are plain: str, int, bool, UUID, date, aware datetime, tuples, other frozen models. Money is integer fen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    subject: ClassVar[str]
    """Where it is published, and its type for ever: ``funds.evt.account.custody-account-activated.v1``."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a contract whose name and subject disagree, at import: nobody can publish it by mistake."""
        super().__pydantic_init_subclass__(**kwargs)
        subject = cls.__dict__.get("subject")
        if subject is None:
            return  # a part that several contracts share; it has no subject and is never published alone
        match = SUBJECT.fullmatch(subject)
        if match is None:
            raise TypeError(f"{cls.__name__}: subject {subject!r} is not <service>.evt.<noun>.<fact>.v<n>")
        if not cls.__name__.endswith(f"V{match['version']}"):
            raise TypeError(f"{cls.__name__}: the class name must end with V{match['version']}, as its subject does")

    @classmethod
    def service(cls) -> str:
        """Who publishes it: the first word of the subject."""
        return cls.subject.partition(".")[0]

    @classmethod
    def fact(cls) -> str:
        """The subject without its version: what the same fact is called in every version."""
        return fact_of(cls.subject)

    def to_bytes(self) -> bytes:
        """The JSON that travels: fields in the order of the class, no spaces."""
        return self.__pydantic_serializer__.to_json(self)

    @classmethod
    def from_bytes(cls: type[ContractT], data: bytes) -> ContractT:
        """The contract, checked. Raises ``pydantic.ValidationError``."""
        return cls.__pydantic_validator__.validate_json(data)  # type: ignore[no-any-return]


def fact_of(subject: str) -> str:
    """``funds.evt.alert.alert-raised.v2`` -> ``funds.evt.alert.alert-raised``."""
    return subject.rpartition(".")[0]
