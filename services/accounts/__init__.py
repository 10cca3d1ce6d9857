"""Accounts: organisations, clinics, members, and the sign-in of a member."""
