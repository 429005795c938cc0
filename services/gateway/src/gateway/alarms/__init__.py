"""Alarms as pure rooms: states, reordering, policies, track record, money, comparison. No clock, no database, no HTTP.

What the rooms say is in docs/alarms.md. Times are integer microseconds of event time (`gateway.instants`).
"""
