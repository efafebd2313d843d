"""What ``benches/compare.py`` runs in its own environment."""
