"""What was probably said where a recogniser wrote something else."""
