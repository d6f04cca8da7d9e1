"""What this service tells the others, and what it does when they tell it something."""
