"""公众端 Pages without an account: verifying a paper."""
