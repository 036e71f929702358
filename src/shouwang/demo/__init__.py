"""演示 The town of the demonstration, seeded through the same actions that people use."""
