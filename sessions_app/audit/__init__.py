"""What makes the audit history hard to change unseen, on plain values."""
