from __future__ import annotations

import re

from equipoise.catalog import load_catalog, number_text, numbers, render_markdown


def test_every_number_stands_on_the_page_with_its_source() -> None:
    catalog = load_catalog()
    page = render_markdown(catalog)
    for kind in (
        "missile",
        "interceptor",
        "launcher",
        "radar",
        "battery",
        "sensor_site",
        "launch_warning",
        "data_link",
    ):
        for id in catalog.ids(kind):
            record = catalog.record(id)
            section = page.split(f"### {record.name} (`{id}`)")[1].split("\n##")[0]
            for path, number in numbers(record):
                row = (
                    f"| `{path}` | {number_text(number)} | {number.grade} | [{number.source}](#source-{number.source})"
                )
                assert row in section


def test_a_sensor_site_says_its_radar_and_a_launch_area_who_reports_it() -> None:
    page = render_markdown(load_catalog())
    assert "Radar `an-tpy-2` at `seongju`, mode terminal." in page
    assert "Radar `spy-1`, mobile, mode unstated." in page
    row = next(line for line in page.splitlines() if line.startswith("| `tonghua` "))
    assert "missiles [wonk-1200957](#source-wonk-1200957) (reported)" in row
    assert "816th brigade" in row


def test_a_battery_says_what_it_is_made_of() -> None:
    page = render_markdown(load_catalog())
    assert "Interceptor `thaad`, launcher `thaad-launcher`, radar `an-tpy-2`." in page
    assert "Interceptor `gbi`, launcher `gbi-silo`, no radar of its own." in page


def test_every_link_has_its_anchor() -> None:
    page = render_markdown(load_catalog())
    targets = set(re.findall(r"^\((source-[a-z0-9-]+)\)=$", page, flags=re.MULTILINE))
    assert set(re.findall(r"\(#(source-[a-z0-9-]+)\)", page)) <= targets


def test_numbers_read_as_written() -> None:
    radar = load_catalog().radar("an-tpy-2")
    texts = {path: number_text(number) for path, number in numbers(radar)}
    assert texts["loss"] == "8 dB (6 to 10)"
    assert texts["required_snr"] == "20 (10 to 40)"
    assert texts["false_alarm_probability"] == "1e-06 (1e-08 to 0.0001)"
    assert texts["ranges[lewis-postol-870].range"] == "870 km"
    cost = load_catalog().interceptor("thaad").unit_cost_usd
    assert number_text(cost) == "12,000,000 USD"


def test_rendering_is_pure() -> None:
    assert render_markdown(load_catalog()) == render_markdown(load_catalog())
