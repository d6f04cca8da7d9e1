from mingjing_funds.domain.account_refusals import AccountNotInState
from mingjing_funds.domain.alerting.life_facts import Stage
from mingjing_kernel.text import render, translation, untranslated


def test_every_refusal_speaks_chinese_too() -> None:
    assert untranslated("mingjing_funds") == []


def test_a_stage_that_a_refusal_names_is_said_in_chinese() -> None:
    assert {stage: translation(stage.value, "mingjing_funds") for stage in Stage} == {
        stage: stage.zh for stage in Stage
    }


def test_where_an_account_stands_is_said_in_chinese() -> None:
    refused = AccountNotInState(needed="agreed", found="release-hold")
    said = render(refused.sentence, refused.values, "mingjing_funds")
    assert said.zh == "此步骤要求账户处于“已签协议”状态，现为“暂停拨付”。"
    assert said.en == "This step needs an account that is agreed; this one is release-hold."
