"""The HTTP interface for other systems: figures, tasks and reports as JSON and CSV.

The same figures, checks and permissions as the pages; described in ``/api/v1/openapi.json``.
"""

from lib.web.api.app import PREFIX, create
