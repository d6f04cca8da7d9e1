"""Talking with banks (银企对接): payment instructions out, status reports in."""
