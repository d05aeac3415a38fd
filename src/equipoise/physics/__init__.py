"""Flight over the rotating Earth: kernels under thin objects."""
