"""A result as an xarray Dataset, and as people write its numbers in three languages.

usage: test_dataset.py [TEST...]     with OUTLAY (the program) and OUTLAY_SOURCE (the source tree) in the environment

Exit status 77: no matplotlib, h5py or xarray.
"""
import datetime
import sys
import unittest

try:
    import h5py
    import matplotlib  # noqa: F401, the package needs it
    import numpy as np
    import xarray as xr
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from drawing import SMALL, TWO, Case, plain

import outlay_analysis
from outlay_analysis import language as languages
from outlay_analysis import words
from outlay_analysis.language import CODES, Language

DAY = datetime.date(2025, 10, 14)


class Dataset(Case):
    def test_dates_names_units(self):
        path = self.result(TWO, "--draws", "6", "-n", "5")
        data = outlay_analysis.load(path)
        self.assertIsInstance(data, xr.Dataset)
        self.assertEqual(list(data.programme.values), ["aid", "grid"])
        self.assertEqual(list(data.programme_title.values), ["Aid for machines", "grid"])
        self.assertEqual(list(data["class"].values), ["firm", "startup"])
        self.assertEqual(data.time.dtype, "datetime64[ns]")
        self.assertEqual(str(data.time.values[0])[:10], "2024-02-29")
        self.assertEqual(data.outlay.attrs["units"], "EUR")
        self.assertEqual(data.attrs["title"], "Two programmes")
        self.assertIn("programmes:", data.attrs["scenario"])
        with h5py.File(path) as file:
            days, fill = file["exhaustion_date"][...], file["exhaustion_date"].attrs["_FillValue"]
            self.assertTrue(np.array_equal(data.exhaustion_date.isnull().values, days == fill))
            i = tuple(np.argwhere(days != fill)[0])
            expected = datetime.date(2024, 2, 29) + datetime.timedelta(days=int(days[i]))
            self.assertEqual(str(data.exhaustion_date.values[i])[:10], str(expected))
            for name in ("outlay", "awards_by_class", "p_exhausted_by", "commitment_quantile"):
                self.assertTrue(np.array_equal(data[name].values, file[name][...]), name)
        paid = data.outlay.sel(programme="aid", year=2025).mean()
        self.assertAlmostEqual(float(paid), float(data.outlay_mean.sel(programme="aid", year=2025)), places=2)

    def test_the_same_as_xarray_itself(self):
        """Beside xarray's own reading of the file, with its netCDF library."""
        path = self.result(SMALL, "-n", "50")
        try:
            raw = xr.open_dataset(path, decode_times=False)
        except ValueError:
            self.skipTest("xarray has no reader of netCDF-4 here")
        ours = outlay_analysis.load(path)
        self.assertEqual({name: var.dims for name, var in ours.data_vars.items()},
                         {name: var.dims for name, var in raw.data_vars.items() if var.dtype != object
                          and not name.startswith("file_")})
        for name in ("outlay", "demand_quantile", "awards"):
            self.assertTrue(np.array_equal(ours[name].values, raw[name].values, equal_nan=True), name)
        raw.close()

    def test_some_variables(self):
        path = self.result(SMALL, "-n", "5")
        self.assertEqual(list(outlay_analysis.load(path, ["outlay"]).data_vars), ["outlay"])
        with self.assertRaisesRegex(KeyError, "outlays"):
            outlay_analysis.load(path, ["outlays"])

    def test_exact_answer(self):
        data = outlay_analysis.load(self.result(SMALL, command="exact"))
        self.assertNotIn("outlay", data)
        self.assertEqual(data.attrs["exact"], 1)
        self.assertTrue(np.isnat(data.exhaustion_date_quantile.values[0, 0, -1]))
        self.assertEqual(str(data.exhaustion_date_quantile.sel(probability=0.5).values[0, 0])[:7], "2025-11")

    def test_never_exhausted(self):
        data = outlay_analysis.load(self.result(SMALL.replace("120 M", "10 bn"), "-n", "5"))
        self.assertTrue(data.exhaustion_date.isnull().all())
        self.assertEqual(data.exhaustion_date.dtype, "datetime64[ns]")

    def test_not_a_result(self):
        with self.assertRaises(outlay_analysis.NotAResult):
            outlay_analysis.load(self.path("none.h5"))

    def test_errors_of_draw(self):
        path = self.result(SMALL, "-n", "5")
        for arguments, error in ((("pie", path), ValueError), (("payout", path, "fr"), ValueError),
                                 (("payout", path, "en", "training"), KeyError)):
            with self.assertRaises(error):
                outlay_analysis.draw(*arguments)


class Words(unittest.TestCase):
    def say(self, method, *arguments, **options):
        return [plain(getattr(Language(code), method)(*arguments, **options)) for code in CODES]

    def test_money(self):
        for amount, text in ((0, "0 CNY"), (0.05, "0.05 CNY"), (999, "999 CNY"), (999.5, "1.00 k CNY"),
                             (5e9, "5.00 bn CNY"), (9.996e6, "10.0 M CNY"), (99.96e6, "100 M CNY"),
                             (999.6e6, "1.00 bn CNY"), (1.5e12, "1,500 bn CNY")):
            self.assertEqual(plain(Language("en").money(amount, "CNY")), text)
        self.assertEqual(self.say("money", 5e9, "CNY"), ["5.00 bn CNY", "50.0亿元", "5,00 Mrd. CNY"])
        self.assertEqual(self.say("money", 71e6, "EUR"), ["71.0 M EUR", "7,100万欧元", "71,0 Mio. EUR"])
        self.assertEqual(self.say("money", -123.4e6, "USD", sign=True), ["−123 M USD", "−1.23亿美元", "−123 Mio. USD"])
        self.assertEqual(plain(Language("en", "yi").money(5e8, "CNY")), "5.00亿元")
        self.assertEqual(self.say("money_with_error", -123.4e6, 4.2e6, "CNY"),
                         ["−123 ± 4 M CNY", "−1.23 ± 0.04亿元", "−123 ± 4 Mio. CNY"])
        self.assertEqual(Language("de").money_unit(3e9, "EUR"), (1e9, "Mrd.\N{NO-BREAK SPACE}EUR"))

    def test_dates(self):
        self.assertEqual(self.say("date", DAY), ["14 Oct 2025", "2025年10月14日", "14. Okt. 2025"])
        self.assertEqual(self.say("date", datetime.date(2025, 3, 1)), ["1 Mar 2025", "2025年3月1日", "1. März 2025"])
        self.assertEqual(self.say("month", DAY), ["Oct", "10月", "Okt"])

    def test_numbers(self):
        self.assertEqual(self.say("number", 1629.46, 1), ["1,629.5", "1,629.5", "1.629,5"])
        self.assertEqual(self.say("number", -0.02, 1), ["0.0", "0.0", "0,0"])
        self.assertEqual(self.say("probability", 0.6249, 0.0123), ["0.62 ± 0.01", "0.62 ± 0.01", "0,62 ± 0,01"])
        for p, error, text in ((0, None, "0"), (1e-6, None, "below 0.001"), (0.2444, None, "0.244"), (1, None, "1"),
                               (0.9999, None, "above 0.999"), (0.2444, 0.0042, "0.244 ± 0.004"), (0.5, 0.0001, "0.500")):
            self.assertEqual(plain(Language("en").probability(p, error)), text)
        for share, text in ((0, "0 %"), (1e-9, "below 0.1 %"), (0.013, "1.3 %"), (0.81, "81 %"), (0.9999, "99.9 %"),
                            (1, "100 %"), (1.02, "102 %")):
            self.assertEqual(plain(Language("en").percent(share)), text)
        self.assertEqual(self.say("count", 1, "draw"), ["1 draw", "1组参数", "1 Ziehung"])
        self.assertEqual(self.say("count", 6400, "replicate"), ["6,400 replicates", "6,400次模拟", "6.400 Simulationen"])

    def test_a_missing_phrase_is_an_error(self):
        with self.assertRaises(KeyError):
            Language("en").text("no such phrase")
        whole = {"a": {"en": "{x}", "zh": "{x}", "de": "{x}"}}
        self.assertEqual(languages.merged([whole]), whole)
        for tables, reason in (([whole, whole], "stands twice"), ([{"a": {"en": "x", "zh": "x"}}], "missing in 'de'"),
                               ([{"a": {"en": "{x}", "zh": "{y}", "de": "{x}"}}], "other values")):
            with self.assertRaisesRegex(ValueError, reason):
                languages.merged(tables)

    def test_no_phrase_is_left_untranslated(self):
        """But for signs, and words that are the same in English and German."""
        for key, texts in languages.merged(languages.TABLES).items():
            self.assertTrue(all(text for text in texts.values()), key)
            if any(c.isalpha() for c in languages.string.Formatter().vformat(
                    texts["en"], (), {name: "" for name in languages.names_in(texts["en"])})):
                self.assertNotEqual(texts["en"], texts["zh"], key)

    def test_wrap(self):
        self.assertEqual(words.wrap("Half committed by 28\N{NO-BREAK SPACE}Aug\N{NO-BREAK SPACE}2025", 26),
                         ["Half committed", "by 28\N{NO-BREAK SPACE}Aug\N{NO-BREAK SPACE}2025"])
        self.assertEqual([plain(line) for line in words.wrap("a cap of 500 M b", 10)], ["a cap of", "500 M b"])
        self.assertEqual(words.wrap("", 10), [""])
        for line in words.wrap("深圳训练算力券" * 9, 20):
            self.assertLessEqual(words.width(line), 20)
        self.assertTrue(all(line[0] not in "，。" for line in words.wrap("预算耗尽，中位日期。" * 7, 13)))


if __name__ == "__main__":
    unittest.main()
