"""The Session API v1, as Coviu publishes it: an integrator's client moves here by changing its base URL (docs/integrations/session-api-v1.md)."""
