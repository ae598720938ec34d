"""Scripts and files to run the dashboard on servers; docs/deploy.md says how."""
