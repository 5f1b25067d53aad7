"""What serves development and demonstration: set-up, generators, fixture builder, demo servers, bench.

The daemon imports nothing from here, and none of it is shipped in the wheel.
"""
