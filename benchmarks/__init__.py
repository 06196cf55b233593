"""Side by side with others: every number is a ratio to a named peer, measured in the same run."""
