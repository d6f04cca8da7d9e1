"""Same person, new jacket (换马甲): how alike two institutions are, field by field, and who is like whom among many.

The one rule: it only compares. What it finds is proposed with its reasons, and a person judges.
"""
