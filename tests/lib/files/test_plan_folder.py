"""A plan's folder: what is optional in it."""

from lib.files import plan_folder


def test_without_settings_the_year_is_that_of_the_reports(folder):
    (folder / "settings.toml").unlink()
    (folder / "units.csv").unlink()
    assert plan_folder.load(folder).settings.year == 2018
