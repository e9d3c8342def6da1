"""The Textual front end: one file a screen; it asks and shows, and holds no logic of its own."""
