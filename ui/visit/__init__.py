"""The visit page: sections, editors, body chart."""
