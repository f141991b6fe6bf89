from .build import base_query, filtered
from .finish import as_frame, top_ids
from . import admin as _admin

maintain = _admin.maintain
