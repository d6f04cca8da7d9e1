from mingjing_funds.domain.alerting.life_facts import Stage
from mingjing_kernel.text import translation, untranslated


def test_every_refusal_speaks_chinese_too() -> None:
    assert untranslated("mingjing_funds") == []


def test_a_stage_that_a_refusal_names_is_said_in_chinese() -> None:
    assert {stage: translation(stage.value, "mingjing_funds") for stage in Stage} == {
        stage: stage.zh for stage in Stage
    }
