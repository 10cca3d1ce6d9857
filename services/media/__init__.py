"""Media: calls in progress, who has a seat in them, and on which node they are."""
