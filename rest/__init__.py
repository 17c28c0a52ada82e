"""The REST APIs of the older systems, over the same use cases as the graph."""
