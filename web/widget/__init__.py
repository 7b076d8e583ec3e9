"""The chat as a custom element for any page: its files, and how they are served."""
