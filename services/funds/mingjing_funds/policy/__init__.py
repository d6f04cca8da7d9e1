"""Rules with numbers: versioned, cited by every decision that used them."""
