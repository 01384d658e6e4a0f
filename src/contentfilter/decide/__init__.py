"""Evidence → scores → action."""
