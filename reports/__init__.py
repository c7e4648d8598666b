"""Everything that leaves as a document. ReportLab lives here and only here.

`documents.PdfDocuments` is the way in. Nothing here imports ReportLab before a document
is made.
"""
