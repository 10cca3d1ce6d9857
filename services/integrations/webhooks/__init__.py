"""Webhooks: what is sent to whom, signed, tried again, parked; one file for each of these."""
