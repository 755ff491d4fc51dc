"""Papers as accessible PDFs by LibreOffice, and the page numbers of tables of contents."""
