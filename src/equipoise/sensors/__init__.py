"""What a radar sees, and when."""
