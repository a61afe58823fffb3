"""Prints, as JSON, which interpreter runs this: its path behind a version manager's shim, and its version."""

import json
import sys

print(json.dumps({"path": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3]}))
