"""The model: what the inputs mean, as typed objects that were checked against each other."""
