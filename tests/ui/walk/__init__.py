"""The walk over every page: what stands in it can be named, reached, read and hit."""
