"""From a file of scores, one page that shows it."""
