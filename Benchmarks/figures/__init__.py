"""What `Benchmarks/run` measures: one module for each group of figures."""
