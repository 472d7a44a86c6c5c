"""The pages of the app; ``ui`` holds what they share."""
