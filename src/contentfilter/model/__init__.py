"""Chunks → log-odds: hashed features, a linear model over them, and the file that holds it."""
