"""A local page for rule writers: what a text is judged to be, why, and what words of one's own would change."""
