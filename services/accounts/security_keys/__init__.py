"""Security keys (W3C WebAuthn) as a second factor."""
