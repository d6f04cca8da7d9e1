"""How Chinese is spelt and said (读音与写法): readings of characters, places and addresses in one spelling.

The one rule: it only serves comparison. Two spellings of one thing get the same form; nothing is corrected.
"""
