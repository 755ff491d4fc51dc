"""Text + template -> .docx bytes."""
