"""`make bench`: the ratios this project promises, each against a named baseline measured in the same run."""
