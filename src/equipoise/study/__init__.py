"""Study files: what is to be worked out, with every id resolved."""
