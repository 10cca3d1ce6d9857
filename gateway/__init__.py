"""The door: REST and pages (api), the live connection (live), and the web client. Knows contracts and plumbing, and no service's inside."""
