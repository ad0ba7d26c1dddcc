"""`hanode resource`: what runs, where, and whether; made, changed and moved."""

from hanode.cli.resource import failures, looking, making, restarting, running
from hanode.cli.resource.noun import noun

__all__ = ["failures", "looking", "main", "making", "restarting", "running"]


def main(argv: list[str], config_path: str) -> int:
    return noun.main(argv, config_path)
