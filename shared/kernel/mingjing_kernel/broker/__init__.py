"""Talking to the other services: relay, inbox, catch-up, parking.

JetStream is a relay and never the record: everything here must come out the same when the broker loses, repeats or
reorders what it was given, or is not there at all.
"""
