"""Series for simulations: stable ones, and ones with what misleads a control chart."""

from __future__ import annotations

from math import pi, sin, sqrt
from random import Random
from typing import NamedTuple


class Process(NamedTuple):
    """Unit noise with a correlation of neighbours, a yearly wave, a step at a row, and a rise each row."""

    correlation: float = 0.0
    season: float = 0.0
    step: float = 0.0
    at: int = 0
    rise: float = 0.0

    def series(self, length: int, random: Random) -> list[float]:
        """One series."""
        noise, values = random.gauss(0, 1), []
        for row in range(length):
            noise = self.correlation * noise + sqrt(1 - self.correlation**2) * random.gauss(0, 1)
            wave = self.season * sin(2 * pi * row / 12)
            values.append(50 + noise + wave + (self.step if row >= self.at else 0) + self.rise * row)
        return values
