"""What officials may do to what is published for citizens, and to what they say: telephones, answers."""

from __future__ import annotations

from typing import Final

from mingjing_inspection.acts import INTAKE
from mingjing_inspection.domain.supervision_phone import PublishPhone, WithdrawPhone
from mingjing_inspection.domain.voice_answer import AnswerVoice
from mingjing_inspection.domain.voice_secret import HandSecret
from mingjing_kernel.identity import Act, Role, roles

PUBLISHING: Final = roles(Role.CASE_OFFICER, Role.APPROVER, Role.ADMINISTRATOR)
PUBLISH_PHONE: Final = Act(
    name="publish-phone", zh="公布监督电话", en="publish a telephone", roles=PUBLISHING, asks=PublishPhone
)
WITHDRAW_PHONE: Final = Act(
    name="withdraw-phone", zh="撤下监督电话", en="withdraw a telephone", roles=PUBLISHING, asks=WithdrawPhone
)
ANSWER_VOICE: Final = Act(
    name="answer-voice", zh="答复诉求人", en="answer what the citizen said", roles=INTAKE, asks=AnswerVoice
)
HAND_SECRET: Final = Act(
    name="hand-secret", zh="交付查询码", en="hand a secret to follow it with", roles=INTAKE, asks=HandSecret
)
"""Not for whoever handled a track of the complaint (``api/follow_secret.py``): that is another aggregate's."""
VOICE_ACTS: Final = (ANSWER_VOICE, HAND_SECRET)
PHONE_ACTS: Final = (PUBLISH_PHONE, WITHDRAW_PHONE)
