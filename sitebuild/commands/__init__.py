"""What `make` calls: build, serve, update, bench. Imports everything else."""
