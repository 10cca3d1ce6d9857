"""A new organisation by a link: of a mail, or of an operator."""
