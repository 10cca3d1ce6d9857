"""What the broker is told at its start: users, and what each may declare, say and hear."""
