"""What the Secretariat does with papers: number, issue, revise, withdraw, freeze, package."""
