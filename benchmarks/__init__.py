"""What things cost, measured by hand and compared within one run: see CONTRIBUTING.md."""
