"""Papers as PDFs by LibreOffice: tagged, with the same bytes everywhere; and the page numbers of tables of contents."""
