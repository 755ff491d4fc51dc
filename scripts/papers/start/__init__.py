"""What begins something: a meeting, a paper, a plan, and the forms that are sent to economies."""
