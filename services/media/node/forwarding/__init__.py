"""The data plane: media packets from one link to others, in two implementations with the same behaviour."""
