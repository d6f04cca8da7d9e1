"""What a complaint may be about (投诉智能提示): compared with institutions, with other complaints, and by its words.

The one rule: it only suggests, and says which words led to it. Whoever takes the complaint decides.
"""
