"""The result file opens in the programs that the README names, and all of them see the same.

    check.py FILE.h5     check this file
    check.py             run the program on a scenario first (OUTLAY and OUTLAY_SOURCE), check its file, then --twin
    check.py --twin FILE.h5
                         damage copies of the file, one defect each, and see that the check finds every one of them

Debian's python3 with h5py, xarray, netCDF4 and h5netcdf; ncdump and h5dump. Exit status 77: a reader is missing.
"""

import filecmp
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

try:
    import h5py
    import netCDF4  # noqa: F401, an engine of xarray
    import h5netcdf  # noqa: F401
    import numpy as np
    import xarray as xr
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

# xarray turns the missing dates into NaT by a cast that numpy warns of.
warnings.filterwarnings("ignore", message="invalid value encountered in cast")

AXES = ["draw", "replicate", "programme", "year", "class", "time", "probability"]
PATHS = ("draw", "replicate", "programme", "year")
ENGINES = ["netcdf4", "h5netcdf"]
MISSING = -2147483647


class Bad(Exception):
    """The file is not what a reader needs."""


def need(condition, sentence):
    if not condition:
        raise Bad(sentence)


def ok(sentence):
    print("ok", sentence)


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    need(done.returncode == 0, f"{command[0]} ends with {done.returncode}: {done.stderr.strip()[:200]}")
    return done.stdout


def check_h5py(path):
    """Axes are dimension scales attached to every variable, in the types that all readers take."""
    with h5py.File(path, "r") as file:
        need(text(file.attrs["Conventions"]) == "CF-1.10", "Conventions is not CF-1.10")
        for axis in AXES:
            need(axis in file and h5py.h5ds.is_scale(file[axis].id), f"{axis} is no dimension scale")
        for name, variable in file.items():
            need(re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name), f"{name} is no name for netCDF")
            if name == "scenario":
                continue
            need(variable.dtype in (np.dtype("<f8"), np.dtype("<i4")), f"{name} has type {variable.dtype}")
            if name not in AXES:
                attached = [list(dim.values())[0].name.strip("/") if len(dim) else None for dim in variable.dims]
                need(all(a in AXES for a in attached), f"{name} lies on the axes {attached}")
                sizes = tuple(file[a].shape[0] for a in attached)
                need(variable.shape == sizes, f"{name} has shape {variable.shape}, its axes {sizes}")
                need("units" in variable.attrs and "long_name" in variable.attrs, f"{name} has no units or long_name")
                fill = variable.attrs.get("_FillValue")
                need(fill is not None and fill.dtype == variable.dtype, f"{name} has no _FillValue of its type")
        for axis in ("programme", "class"):
            n = file[axis].shape[0]
            names = text(file[axis].attrs["flag_meanings"]).split(" ")
            need(len(names) == n == len(file[axis].attrs["flag_values"]), f"{axis} has {n} values, {len(names)} names")
        scenario = text(file["scenario"][()])
        need("outlay:" in scenario, "`scenario` is no scenario")
        values = {name: variable[()] for name, variable in file.items() if name != "scenario"}
        units = text(file["time"].attrs["units"])
        complete = int(file.attrs["complete"]) == 1
    ok(f"h5py: {len(values)} variables, axes attached, types float64 and int32")
    return values, scenario, units, complete


def check_xarray(path, engine, values, scenario, units):
    """Dimensions, decoded dates, and the same numbers as h5py, missing ones masked."""
    since = re.fullmatch(r"days since (\d{4}-\d\d-\d\d) 00:00:00", units)
    need(since is not None, f"time has units {units}")
    start = np.datetime64(since.group(1), "ns")
    with xr.open_dataset(path, engine=engine, decode_times=True) as data:
        need(set(data.sizes) == set(AXES), f"{engine}: dimensions {sorted(data.sizes)}")
        need(data["outlay"].dims == PATHS, f"{engine}: outlay has dimensions {data['outlay'].dims}")
        need(data["outlay_by_class"].dims == PATHS + ("class",), f"{engine}: outlay_by_class lacks its class")
        need(text(data["scenario"].values[()]) == scenario, f"{engine}: `scenario` reads differently")
        need(data["time"].dtype.kind == "M", f"{engine}: time is not decoded to dates")
        need(data["time"].values[0] == start, f"{engine}: time begins on {data['time'].values[0]}")
        for name in values:
            raw = values[name]
            seen = data[name].values
            if "days since" in str(data[name].encoding.get("units", "")):
                never = raw == MISSING
                days = (seen - start) / np.timedelta64(1, "D")
                need(np.array_equal(np.isnat(seen), never), f"{engine}: {name}: missing dates are not NaT")
                need(np.array_equal(days[~never], raw[~never]), f"{engine}: {name}: dates differ")
            else:
                expected = raw.astype(float)
                expected = np.where(raw == MISSING, np.nan, expected) if raw.dtype.kind == "i" else expected
                need(np.array_equal(seen.astype(float), expected, equal_nan=True), f"{engine}: {name}: numbers differ")
        need(data["exhaustion_date"].dtype.kind == "M", f"{engine}: exhaustion_date is not decoded to dates")
    ok(f"xarray, {engine}: dates decoded, the same numbers")


def check_dumps(path, values):
    """The command-line tools print the structure, and the same probabilities."""
    header = output("ncdump", "-h", path)
    dimensions = dict(re.findall(r"^\t(\w+) = (\d+) ;", header, re.M))
    need(sorted(dimensions) == sorted(AXES), f"ncdump: dimensions {sorted(dimensions)}")
    need("double outlay(draw, replicate, programme, year)" in header, "ncdump: outlay lacks its dimensions")
    printed = output("ncdump", "-p", "9,17", "-v", "p_exhausted", path).split("data:")[1]
    numbers = [float(n) for n in re.findall(r"[-+0-9.e]+(?=[,\s;])", printed.split("=")[1])]
    need(np.array_equal(numbers, values["p_exhausted"].ravel()), "ncdump: p_exhausted differs")
    ok("ncdump: dimensions and numbers")
    header = output("h5dump", "-H", path)
    need('DATASET "outlay_by_class"' in header, "h5dump: outlay_by_class is not there")
    printed = output("h5dump", "-y", "-m", "%.17g", "-d", "/p_exhausted", path)
    block = re.search(r"DATASET.*?DATA \{(.*?)\}", printed, re.S).group(1)
    numbers = [float(n) for n in block.replace(",", " ").split()]
    need(np.array_equal(numbers, values["p_exhausted"].ravel()), "h5dump: p_exhausted differs")
    ok("h5dump: structure and numbers")


def check_summaries(values, complete):
    """The summaries are those of the replicates in the same file."""
    if not complete:
        print("skipped: the run was interrupted")
        return
    for name in ("outlay", "demand", "applications", "outlay_by_class"):
        mean = values[name].mean(axis=(0, 1))
        need(np.allclose(values[name + "_mean"], mean, rtol=1e-9, atol=1e-9), f"{name}_mean is not the mean of {name}")
    exhausted = (values["exhaustion_date"] != MISSING).mean(axis=(0, 1))
    need(np.allclose(values["p_exhausted"], exhausted, atol=1e-12), "p_exhausted is not the share of exhaustion dates")
    for name in ("served_share_mean", "served_share_quantile"):
        need((values[name] >= 0).all() and (values[name] <= 1).all(), f"{name} is no share")
    last = values["commitment_mean"][..., -1] if values["commitment_mean"].ndim > 1 else values["commitment_mean"][-1:]
    need(np.allclose(last, (values["committed"] - values["returned"]).mean(axis=(0, 1))[..., -1], rtol=1e-9),
         "the last day's commitment is not what was committed and not returned")
    ok("summaries agree with the replicates")


def check(path):
    values, scenario, units, complete = check_h5py(path)
    for engine in ENGINES:
        check_xarray(path, engine, values, scenario, units)
    check_dumps(path, values)
    check_summaries(values, complete)


def lose_axis(file):
    del file["outlay"].attrs["DIMENSION_LIST"]


def lose_name(file):
    names = text(file["class"].attrs["flag_meanings"]) + " nobody"
    del file["class"].attrs["flag_meanings"]
    file["class"].attrs["flag_meanings"] = np.bytes_(names)


def lose_fill(file):
    del file["exhaustion_date"].attrs["_FillValue"]


def lose_calendar(file):
    del file["time"].attrs["units"]
    file["time"].attrs["units"] = np.bytes_("fortnights")


def forge_number(file):
    file["p_exhausted"][...] = file["p_exhausted"][...] + 0.25


def twin(path):
    """Every defect must be found: a check that cannot fail shows nothing."""
    n_missed = 0
    for damage in (lose_axis, lose_name, lose_fill, lose_calendar, forge_number):
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copy(path, os.path.join(folder, "twin.h5"))
            with h5py.File(copy, "r+") as file:
                damage(file)
            child = subprocess.run([sys.executable, __file__, copy], capture_output=True, text=True)
        found = child.returncode == 1 and "BAD" in child.stdout
        print("ok" if found else "MISSED", f"twin {damage.__name__}:", child.stdout.strip().splitlines()[-1:])
        n_missed += not found
    need(n_missed == 0, f"{n_missed} defects were not found")


def check_storage(path):
    """Of a large run's chunks, those that never change cost next to nothing and noise costs no more than itself."""
    with h5py.File(path, "r") as file:
        n_tried = {"constant": 0, "noise": 0}
        for name, variable in file.items():
            if variable.chunks is None or variable.ndim < 4:
                continue
            # whole chunks: of the last one a part may be padding
            n_chunks = np.prod([-(-size // chunk) for size, chunk in zip(variable.shape, variable.chunks)])
            share = variable.id.get_storage_size() / (n_chunks * np.prod(variable.chunks) * variable.dtype.itemsize)
            values = variable[()]
            if np.all(values == values.flat[0]):
                need(share < 0.02, f"{name} never changes and takes {share:.1%} of its values")
                n_tried["constant"] += 1
            elif variable.dtype.kind == "f" and len(np.unique(values)) == values.size:
                masks = {variable.id.get_chunk_info(i).filter_mask for i in range(variable.id.get_num_chunks())}
                need(share < 1 and masks == {0}, f"{name} takes {share:.1%} of its values, filter masks {masks}")
                n_tried["noise"] += 1
        need(min(n_tried.values()) > 0, f"fields of a kind are missing: {n_tried}")
    ok(f"chunks: {n_tried['constant']} constant fields take next to nothing, {n_tried['noise']} of noise at most all")


def run_and_check():
    program, source = os.environ["OUTLAY"], os.environ["OUTLAY_SOURCE"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "run.h5")
        scenario = os.path.join(source, "scenarios", "shenzhen-2025.yaml")
        output(program, "run", scenario, "-n", "200", "--draws", "3", "--seed", "1", "-o", path)
        check(path)
        twin(path)
        # so many replicates that variables are cut into chunks, the last one not full; from one thread and from two
        scenario = os.path.join(source, "tests", "bench", "scenarios", "simple.yaml")
        paths = [os.path.join(folder, f"large-{n}.h5") for n in (1, 2)]
        for n, path in enumerate(paths, 1):
            output(program, "run", scenario, "-n", "10001", "--threads", str(n), "-o", path)
        need(filecmp.cmp(*paths, shallow=False), "two threads write other bytes than one")
        check(paths[0])
        check_storage(paths[0])


def main(arguments):
    try:
        if not arguments:
            run_and_check()
        elif arguments[0] == "--twin":
            twin(arguments[1])
        else:
            check(arguments[0])
    except (Bad, KeyError, OSError, ValueError) as why:
        print("BAD", type(why).__name__, why)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
