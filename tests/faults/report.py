"""What a harness found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one harness.

    Attributes:
        faults: of the product, each in a line.
        figures: what was tried, for a person to read.
        controls: what was broken on purpose, and whether that was seen.
    """

    faults: Sequence[str]
    figures: Sequence[str]
    controls: Mapping[str, bool] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Return whether nothing was found, by a harness that finds something."""
        return not self.faults and bool(self.controls) and all(self.controls.values())
