"""The noun `resource`: its verbs are in the files beside this one."""

from __future__ import annotations

from hanode.cli.noun import Noun, arg

noun = Noun("resource", "what the cluster runs", default="list")
JSON = arg("--json", action="store_true", help="print JSON")
RESOURCE = arg("resource")
WORDS = arg("words", nargs="*", metavar="NAME=VALUE")
