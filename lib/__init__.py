"""Rules, storage and views of the work-plan dashboard; see docs/architecture.md for the layers."""
