"""Raw files and files that a user added; the only place that touches them."""
