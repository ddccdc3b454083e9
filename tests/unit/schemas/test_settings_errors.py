"""Bad settings are told as sentences; the day is the one at home."""

import pytest

from schemas.errors import InvalidInputError
from schemas.settings import Settings, load_settings


def test_a_bad_setting_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PEYVAND_API_PORT", "abc")
    with pytest.raises(InvalidInputError, match=r"PEYVAND_API_PORT: .*integer") as caught:
        load_settings(tmp_path)
    assert caught.value.exit_code == 2


def test_the_day_is_the_one_at_home():
    days = {Settings(utc_offset_hours=hours).current_date() for hours in (-12, 12)}
    assert len(days) == 2
    assert Settings(today="2026-01-02").current_date().isoformat() == "2026-01-02"
