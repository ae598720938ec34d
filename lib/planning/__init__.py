"""Next year's plan on its way in: read the official document, understand it, check, adopt.

`read_document` takes a file's bytes, `understand` its blocks; what is not certain is a `Doubt`.
"""

from lib.planning.adoption import Context, amendment, context, draft, proposed
from lib.planning.amend import Amendment
from lib.planning.document import Document, Grid, Paragraph
from lib.planning.doubts import Doubt
from lib.planning.following import laid_over
from lib.planning.interpret import Reading, header_texts, understand
from lib.planning.proposal import Proposal, propose
from lib.planning.readers import read_document, read_text
from lib.planning.reconcile import Difference, reconcile
from lib.planning.task_tables import Row
