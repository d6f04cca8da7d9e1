from mingjing_kernel.text import untranslated


def test_every_refusal_speaks_chinese_too() -> None:
    assert untranslated("mingjing_funds") == []
