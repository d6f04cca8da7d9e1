"""What officials may do to what is published for citizens: the telephones of the competent departments."""

from __future__ import annotations

from typing import Final

from mingjing_inspection.domain.supervision_phone import PublishPhone, WithdrawPhone
from mingjing_kernel.identity import Act, Role, roles

PUBLISHING: Final = roles(Role.CASE_OFFICER, Role.APPROVER, Role.ADMINISTRATOR)
PUBLISH_PHONE: Final = Act(
    name="publish-phone", zh="公布监督电话", en="publish a telephone", roles=PUBLISHING, asks=PublishPhone
)
WITHDRAW_PHONE: Final = Act(
    name="withdraw-phone", zh="撤下监督电话", en="withdraw a telephone", roles=PUBLISHING, asks=WithdrawPhone
)
PHONE_ACTS: Final = (PUBLISH_PHONE, WITHDRAW_PHONE)
