"""Running Snakemake: the command `build`, what the Snakefile asks for, progress, diagnosis and `clean`."""
