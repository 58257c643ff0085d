"""The commands behind `make`: build, serve, update and bench. They may import everything else."""
