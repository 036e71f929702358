"""One entry, every form: the day's figures as the forms that offices want, printed alike each time."""

from shouwang.oversight.forms.laying import Laid, LaidLine, LaidSection, laid_document, lay_out
from shouwang.oversight.forms.printing import report_pdf, report_xlsx
from shouwang.oversight.forms.word import check_template, default_template, report_docx

__all__ = [
    "Laid",
    "LaidLine",
    "LaidSection",
    "check_template",
    "default_template",
    "laid_document",
    "lay_out",
    "report_docx",
    "report_pdf",
    "report_xlsx",
]
