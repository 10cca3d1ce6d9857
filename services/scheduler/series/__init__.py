"""Series: sessions that repeat."""
