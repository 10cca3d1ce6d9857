"""What became of a session: told from who came when, corrected by people."""
