"""Members kept by a directory (SCIM 2.0, RFC 7643 and 7644): its tokens, users, groups, filters and patches."""
