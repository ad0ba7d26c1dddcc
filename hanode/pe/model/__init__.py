"""The policy engine's own nouns: values, and small questions that they answer."""
