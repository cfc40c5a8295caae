"""The file of an exact answer lies beside that of a run: the same variables, less the replicates and what is not known.

usage: test_exact.py [TEST...]     with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

Exit status 77: no h5py or xarray.
"""
import os
import subprocess
import sys
import tempfile
import unittest

try:
    import h5py
    import numpy as np
    import xarray as xr
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

OUTLAY, SOURCE = os.path.abspath(os.environ["OUTLAY"]), os.environ["OUTLAY_SOURCE"]
SCENARIO = os.path.join(SOURCE, "tests", "gallery", "take-up.yaml")

# What an exact answer always has.
KNOWN = ("p_exhausted", "p_exhausted_by", "exhaustion_date_quantile", "demand_mean", "demand_sd", "demand_quantile",
         "committed_mean", "committed_quantile", "outlay_mean", "outlay_quantile", "unmet_mean", "unmet_quantile",
         "lapsed_mean", "appropriation_mean", "commitment_quantile", "commitment_mean", "outlay_to_date_quantile",
         "demand_by_class_mean")


class Exact(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.exact, cls.run_ = (os.path.join(cls.folder.name, name) for name in ("exact.h5", "run.h5"))
        subprocess.run([OUTLAY, "exact", SCENARIO, "-o", cls.exact, "--quiet"], check=True)
        subprocess.run([OUTLAY, "run", SCENARIO, "-n", "4000", "--seed", "7", "-o", cls.run_, "--quiet"], check=True)

    def test_the_same_variables_in_the_same_format(self):
        with h5py.File(self.exact) as exact, h5py.File(self.run_) as run:
            self.assertEqual([name for name in KNOWN if name not in exact], [])
            for name, variable in exact.items():
                self.assertIn(name, run)
                if h5py.h5ds.is_scale(variable.id) or not variable.shape:
                    continue
                axes = [os.path.basename(dimension[0].name) for dimension in variable.dims]
                self.assertNotIn("replicate", axes, name)
                self.assertEqual(axes, [os.path.basename(dimension[0].name) for dimension in run[name].dims], name)
                self.assertEqual(variable.shape, run[name].shape, name)
                self.assertEqual(variable.dtype, run[name].dtype, name)
                for attribute in ("units", "long_name", "_FillValue", "calendar"):
                    self.assertTrue(np.array_equal(variable.attrs.get(attribute), run[name].attrs.get(attribute),
                                                   equal_nan=attribute == "_FillValue"), (name, attribute))
            self.assertEqual(exact.attrs["exact"], 1)
            self.assertNotIn("exact", run.attrs)
            self.assertLess(exact.attrs["exact_probability_error"], 2e-4)
            self.assertLess(exact.attrs["exact_mean_error"], 1e-4 * exact["demand_mean"][0, 0])

    def test_standard_errors_are_0(self):
        with h5py.File(self.exact) as exact:
            names = [name for name in exact if name.endswith("_se")]
            self.assertGreater(len(names), 10)
            for name in names:
                values = exact[name][...]
                self.assertFalse(values[np.isfinite(values)].any(), name)

    def test_numbers_lie_near_those_of_the_run(self):
        with xr.open_dataset(self.exact) as exact, xr.open_dataset(self.run_) as run:
            for name in ("demand_mean", "committed_mean", "outlay_mean", "unmet_mean", "lapsed_mean",
                         "commitment_mean", "demand_by_class_mean", "p_exhausted", "p_exhausted_by"):
                error = run[f"{name}_se"].values
                # five standard errors of a share that may have come out as 0
                error = np.maximum(error, 0.001 if name.startswith("p_") else 1e-3 * exact["demand_mean"].values.max())
                self.assertLess(np.nanmax(np.abs(exact[name].values - run[name].values) / error), 5, name)
            for name in ("demand_quantile", "committed_quantile", "commitment_quantile"):
                error = np.maximum(run[f"{name}_se"].values, 2e-3 * exact["demand_mean"].values.max())
                self.assertLess(np.nanmax(np.abs(exact[name].values - run[name].values) / error), 5, name)


if __name__ == "__main__":
    unittest.main()
