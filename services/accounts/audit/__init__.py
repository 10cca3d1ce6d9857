"""The audit log: what becomes an entry, where one was from, how long it is kept (docs/adr/0013-the-audit-log.md)."""
