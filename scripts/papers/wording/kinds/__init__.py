"""One module for each kind of paper; `papers.wording.kind` describes what such a module defines."""
