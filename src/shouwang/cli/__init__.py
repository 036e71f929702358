"""命令行 The `shouwang` command."""
