"""Chronicle 大事记: every fact of the registry in a plain sentence, in Chinese and in English.

``sentence`` puts a fact into words, ``codes`` knows the words of stored codes, and each ``…_sentences`` has the facts
of one noun. A fact without a sentence is found by a test.
"""
