"""How long a test waits for what should come soon. Only one that fails waits so long, on however slow a machine."""

PATIENCE_SECONDS = 120.0
