"""SCIM 2.0 (RFC 7643, 7644) under /scim/v2: the door by which a directory keeps members. What is kept is accounts' affair."""
