"""The Python side of rules_distill: pure logic, formats and the commands that Bazel's actions run."""
