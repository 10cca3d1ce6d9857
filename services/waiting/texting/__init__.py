"""Text me when you are ready: a place that is kept without the page."""
