"""Invitations: who was invited where, the personal link of each, and what became of their e-mail."""
