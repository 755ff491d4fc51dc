"""The one word that says of a paper that somebody sent it in; apart from the forms, which are slow to import."""

RECEIVED = "received"  # the folder below inputs/<forum>/ and the kind of paper
