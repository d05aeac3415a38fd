"""What a battery can reach, shoot and how often."""
