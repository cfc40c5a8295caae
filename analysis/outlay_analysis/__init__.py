"""Figures and data from result files of outlay: the HDF5 file is all that is read.

load(path)                       the file as an xarray Dataset
Result(path)                     the file as it is, and a `Case` for each programme and fiscal year
draw(kind, results, language)    a figure of one result, or of several side by side
FIGURES                          the kinds of figures, and the question that each answers
Language(code)                   dates, numbers, money and phrases in English, Chinese or German
"""
import importlib

_HOMES = {"load": "dataset", "draw": "figures", "FIGURES": "figures", "Kind": "figures", "Result": "result",
          "Case": "result", "NotAResult": "result", "Language": "language"}
__all__ = list(_HOMES)


def __getattr__(name: str):
    """Each name is imported when it is first used: figures do without xarray, --help without matplotlib."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no attribute '{name}'")
    value = getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value
