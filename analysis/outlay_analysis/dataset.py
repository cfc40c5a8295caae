"""A result file as an xarray Dataset: real dates, named classes and programmes, units."""
from typing import Iterable, Optional

import h5py
import numpy as np
import xarray as xr

from .result import Result, text

FILL = {"i": -2147483647}  # missing whole numbers, where a variable does not say itself
HIDDEN = ("DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME", "_FillValue", "_Netcdf4Dimid", "_Netcdf4Coordinates",
          "flag_values", "flag_meanings", "calendar")


def axes_of(variable: h5py.Dataset) -> list:
    """The names of a variable's axes."""
    return [dimension[0].name.lstrip("/") for dimension in variable.dims]


def attributes_of(item) -> dict:
    """The attributes that are of use to a reader, as plain Python values."""
    return {name: text(value) if isinstance(value, (bytes, str)) else value.item() if np.size(value) == 1 else value
            for name, value in item.attrs.items() if name not in HIDDEN}


def is_date(variable: h5py.Dataset) -> bool:
    """Whether the values are days since the horizon began."""
    return text(variable.attrs.get("units", "")).startswith("days since ")


def dates(days: np.ndarray, start: np.datetime64, fill: int) -> np.ndarray:
    """Days since the horizon began as datetime64[ns]; NaT where missing."""
    is_missing = days == fill
    result = start + np.where(is_missing, 0, days).astype("timedelta64[D]").astype("timedelta64[ns]")
    result[is_missing] = np.datetime64("NaT")
    return result


def finished(values: np.ndarray, axes: list, run) -> np.ndarray:
    """Without the draws that were not begun; missing (NaN, NaT) in the replicates that were not finished."""
    n_rows = -(-run.n_done // run.n_replicates)
    if run.is_complete or "draw" not in axes:
        return values
    values = values[:n_rows]
    if "replicate" in axes and run.n_done < n_rows * run.n_replicates:
        values = values.astype(float) if values.dtype.kind == "i" else values.copy()
        values[-1, run.n_done - (n_rows - 1) * run.n_replicates:] = np.array("NaT" if values.dtype.kind == "M" else
                                                                             np.nan, values.dtype)
    return values


def load(path: str, variables: Optional[Iterable[str]] = None) -> xr.Dataset:
    """The result file as a Dataset in memory; with `variables`, only these.

    Dates are datetime64 (`exhaustion_date` is NaT where the budget is never exhausted), `time` is the days of the
    horizon, `programme` and `class` are coordinates of names. Money is in the unit that the attribute `units` names.
    A `.partial` file has the finished draws; an exact answer no variables with the axis `replicate`. The attributes of
    the Dataset are those of the file. NotAResult if it is none.
    """
    with Result(path) as result:
        file, start = result.file, np.datetime64(result.start, "ns")
        wanted = None if variables is None else set(variables)
        unknown = sorted((wanted or set()) - set(file))
        if unknown:
            raise KeyError(f"{path} has no variable '{unknown[0]}'")
        names = {"programme": result.names, "class": result.classes}
        data, coordinates = {}, {}
        for name, variable in file.items():
            is_axis = h5py.h5ds.is_scale(variable.id)
            if not is_axis and (wanted is not None and name not in wanted):
                continue
            if name.startswith("file_") or (not variable.shape and variable.dtype.kind == "O"):
                continue  # bytes of data files; the scenario, which is among the attributes
            axes = [name] if is_axis else axes_of(variable)
            values, attributes = variable[...], attributes_of(variable)
            if is_date(variable):
                fill = int(np.ravel(variable.attrs.get("_FillValue", FILL["i"]))[0])
                values = dates(values, start, fill)
                attributes.pop("units")
            values = finished(values, axes, result.run)
            if name in names:
                coordinates["programme_title"] = ("programme", result.titles)
                attributes = {"long_name": attributes["long_name"].split(";")[0]}
                values = np.array(names[name])
            (coordinates if is_axis else data)[name] = (axes, values, attributes)
        attributes = attributes_of(file)
        attributes["scenario"] = text(file["scenario"][()]) if "scenario" in file else ""
    return xr.Dataset(data, coordinates, attributes)
