"""Published models and numbers, played by the engine on the data of the papers."""
