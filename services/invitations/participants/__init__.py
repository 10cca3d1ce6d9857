"""Who takes part in sessions that API clients made: no address, no mail, a link of their own."""
