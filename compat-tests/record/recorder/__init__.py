"""Drives a real LanceDB client from scenario files; `scenarios/FORMAT.md` describes them."""
