"""eForms notices of the EU (UBL XML) as OCDS releases, and so as demand events.

`xml.py` parses without entities, doctypes and network; `fields.py` names every place by its eForms field id; `notice.py`
makes a release of the fields.
"""

from services.imports.eforms.notice import add_notice, options

__all__ = ["add_notice", "options"]
