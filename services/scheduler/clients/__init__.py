"""Sessions that API clients make by the Session API v1 (docs/adr/0030-the-session-api-is-a-door.md)."""
