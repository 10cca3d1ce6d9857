"""A member's sessions for their calendar program: an address of its own, read without signing in (iCalendar, RFC 5545 and 7986)."""
