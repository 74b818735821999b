"""Where this process finds the key that clients sign with; known before ministack is imported.

In the environment, which only its own user may read, and on no command line. The names are not AWS's, so that nobody's real key
is taken for the region's.
"""

KEY_ID, SECRET = "HIGHLANDS_ACCESS_KEY_ID", "HIGHLANDS_SECRET_ACCESS_KEY"

# What becomes of what the role of a task may not do.
PERMISSIONS = "HIGHLANDS_TASK_PERMISSIONS"
ENFORCE = "enforce"
# It is let through, and the log has a line of it.
WARN = "warn"
