"""Pictures, reports and files from results."""
