"""What may be done to a rating by somebody who signs in: the institution answers. Families rate by their code."""

from __future__ import annotations

from typing import Final

from mingjing_funds.domain.rating import AnswerRating
from mingjing_kernel.identity import Act, Role, roles

ANSWER_RATING: Final = Act(
    name="answer-rating", zh="回复评价", en="answer a rating", roles=roles(Role.INSTITUTION), asks=AnswerRating
)
RATING_ACTS: Final = (ANSWER_RATING,)
