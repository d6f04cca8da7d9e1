"""Access (授权): who may do what and until when, as every service knows it from its own log.

The console's log is where grants are given and taken; each service hears of it, notes it in its own log, and decides
by that alone: it needs neither the console nor the identity provider to know what somebody may do.
"""
