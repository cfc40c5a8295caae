"""Figures from a result file of outlay: the HDF5 file is all that is read.

load        the file -> Result -> Case, one programme in one fiscal year
words       money, dates and probabilities as people write them
style       sizes, colours, fonts, axes, saving: the look of all figures
exhaustion, payout, commitment
            one figure each: draw(cases) -> matplotlib Figure
"""
