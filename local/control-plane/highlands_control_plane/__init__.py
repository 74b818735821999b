"""The local control plane: ministack, and what Highlands needs beyond it."""
