"""Prints, as JSON, which interpreter runs this: its path behind a version manager's shim, and its version."""

import json
import sys

sys.stdout.write(json.dumps({"path": sys.executable, "version": ".".join(map(str, sys.version_info[:3]))}))
