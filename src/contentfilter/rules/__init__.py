"""Packs (YAML) → rules → terms and an automaton."""
