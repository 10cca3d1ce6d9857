"""Signing in with an organisation's own provider (OpenID Connect Core 1.0; docs/adr/0014-a-provider-speaks-for-proved-domains.md)."""
