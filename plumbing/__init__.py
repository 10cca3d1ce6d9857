"""How any process meets the outside: settings, logs, clock, MongoDB, the bus, health, traces.

Knows contracts; knows no service and no page. What only nameko services use is in `plumbing.services`.
"""
