"""Clocks of the console's tests are in UTC."""

from __future__ import annotations

import os
import time

os.environ["TZ"] = "UTC"
time.tzset()
