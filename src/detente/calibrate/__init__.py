"""Tables to a balanced, validated world: its steps, one recipe for each world, and its file."""
