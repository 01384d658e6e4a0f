"""Labelled texts → what rules are worth, and which weights fit them."""
