"""Scheduler: sessions, each a call planned for a time, and that no room or host is booked twice."""
