"""New chunks → views and readings. Every function is pure: an answer depends on the chunk and the rules alone."""
