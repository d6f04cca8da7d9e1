"""Runs the benchmarks of the checkout's ``bench/`` folder: one module a figure."""

from mingjing.bench.running import BenchUnknown, NoBenchFolder, names, run

__all__ = ["BenchUnknown", "NoBenchFolder", "names", "run"]
