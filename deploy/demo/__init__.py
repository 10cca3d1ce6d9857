"""The demonstration: the article played by real browsers, with pictures and tones that each end recognises."""
