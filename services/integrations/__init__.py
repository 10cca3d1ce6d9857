"""Integrations: the log of every event, read from any cursor."""
