"""Waiting Areas: the centralised queues of clinics, seen by many staff."""
