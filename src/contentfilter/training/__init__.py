"""Everything that makes the shipped files: data sets, recipes, word tables. Nothing here is imported to classify."""
