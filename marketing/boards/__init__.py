"""What the branch board shows: populations of rows, figures over them, tiles of measures.

One place for each number: the sum that is stored and the list that opens come from one figure.
"""

from marketing.boards.figures import FIGURES
from marketing.boards.measures import MEASURES, Measure
from marketing.boards.populations import POPULATIONS
from marketing.boards.spec import Figure, Population

__all__ = ["FIGURES", "MEASURES", "POPULATIONS", "Figure", "Measure", "Population"]
