"""Programs that come by OAuth 2.0 (RFC 6749): what is kept of each, and the tokens by which they ask."""
