"""Readings → settled matches: one Aho-Corasick pass over the texts that some term is interested in."""
