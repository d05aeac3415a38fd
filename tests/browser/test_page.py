"""The page in a real browser: it asks nobody else, follows a drag, and a link shows the same anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page
from pyproj import Geod

from equipoise.analysis.replay import replay_of
from equipoise.present.replay_czml import replay_czml
from equipoise.study import load_any_study, load_study

Begin = Callable[..., Any]
FRONTEND = Path(__file__).parents[2] / "frontend"
GEOD = Geod(ellps="WGS84")


def battery_at(page: Page) -> tuple[float, float]:
    """Return where the battery is on the page, in pixels."""
    x, y = map(float, page.evaluate("() => document.documentElement.dataset.battery").split(","))
    box = page.locator("#earth canvas").bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def text(page: Page, selector: str) -> str:
    return page.locator(selector).inner_text()


def whole(page: Page) -> None:
    page.wait_for_selector("html[data-footprint=full]", state="attached")


def test_the_globe_loads_and_asks_nobody_else(visit: Begin, with_webgl: Browser) -> None:
    here = visit(with_webgl)
    here.open()
    page = here.page
    assert page.evaluate("() => document.documentElement.dataset.view") == "globe"
    assert page.evaluate("() => document.documentElement.dataset.renderError") is None
    assert re.match(r"\d+\.\d % of the land .* is defended against the Nodong|Scud", text(page, "#headline"))
    assert "is defended against" in text(page, "#sentence")
    assert (here.foreign, here.complaints) == ([], [])
    picture = page.locator("#earth canvas").screenshot()
    assert len(picture) > 50_000  # land, sea and lines; a blank canvas packs into a few kilobytes


def test_what_is_transferred_is_small(visit: Begin, with_webgl: Browser) -> None:
    here = visit(with_webgl)
    requests: list[Any] = []
    here.page.on("requestfinished", lambda one: requests.append(one))
    here.open()
    sizes = [one.sizes()["responseBodySize"] for one in list(requests)]
    assert 1_000_000 < sum(sizes) < 5_000_000  # with the globe's own code in it


def test_dragging_the_battery_takes_the_footprint_along(visit: Begin, with_webgl: Browser) -> None:
    here = visit(with_webgl)
    here.open("#/explore?missile=nodong")
    page = here.page
    before = text(page, "#headline")
    x, y = battery_at(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 30, y - 45)
    page.wait_for_selector("html[data-footprint=draft]", state="attached")
    page.mouse.move(x - 40, y - 60)
    page.mouse.up()
    page.wait_for_function("() => /[?&]at=[0-9.]+,[0-9.]+/.test(location.hash)")
    whole(page)
    lat, lon = map(float, re.search(r"at=([\d.]+),([\d.]+)", page.url).groups())  # type: ignore[union-attr]
    assert 36.0 < lat < 39.0
    assert 126.0 < lon < 128.3
    page.wait_for_function("(before) => document.getElementById('headline').innerText !== before", arg=before)
    assert here.complaints == []


def test_a_link_shows_the_same_anywhere(visit: Begin, with_webgl: Browser) -> None:
    here = visit(with_webgl)
    here.open("#/explore?missile=scud-c&at=36.70,127.60&set=study.radar_range=nas-1500")
    page = here.page
    page.get_by_label("Interceptor speed").fill("2.5")
    page.get_by_label("Interceptor speed").press("Enter")
    # The panel is drawn anew, and the keyboard is still where it was.
    page.wait_for_function("() => document.activeElement.dataset.key === 'Interceptor speed (kilometres per second)'")
    page.wait_for_function("() => location.hash.includes('burnout_speed=2.5')")
    page.wait_for_timeout(1500)
    whole(page)
    headline, sentence, link = text(page, "#headline"), text(page, "#sentence"), page.url
    assert len(link) < 200
    elsewhere = visit(with_webgl)
    elsewhere.open(link.removeprefix(here.address))
    assert text(elsewhere.page, "#headline") == headline
    assert text(elsewhere.page, "#sentence") == sentence
    assert elsewhere.page.get_by_label("Latitude").input_value() == "36.7"


def test_a_doctrine_is_part_of_the_link(visit: Begin, without_webgl: Browser) -> None:
    here = visit(without_webgl)
    here.open("#/explore?missile=nodong", ready="html[data-footprint=full][data-tracks]")
    page = here.page
    once = float(text(page, "#headline").split(" %")[0])
    page.get_by_label("Doctrine: there must be time for").select_option(
        label="two shots, the second after the first's outcome"
    )
    page.wait_for_function("() => document.getElementById('headline').innerText.includes('has time for 2 shots')")
    assert float(text(page, "#headline").split(" %")[0]) < once
    assert "shots=2" in page.url
    page.get_by_role("button", name="How sure is that?").click()
    page.wait_for_selector("#spread")
    low, high = map(int, re.findall(r"(\d+) %", text(page, "#spread"))[:2])
    assert low < high < once
    assert "In, of the draws" in text(page, "#results table")
    raid = visit(without_webgl)
    raid.open("#/explore?study=seongju-raid&volleys=1", ready="html[data-tracks]")
    single = int(raid.page.evaluate("() => document.documentElement.dataset.tracks"))
    raid.page.get_by_label("Doctrine: at each missile").select_option(label="two shots together")
    raid.page.wait_for_function("(single) => Number(document.documentElement.dataset.tracks) > single", arg=single)
    assert "volleys=2" in raid.page.url
    assert raid.complaints == []


def test_time_plays_pauses_and_is_set(visit: Begin, with_webgl: Browser) -> None:
    here = visit(with_webgl)
    here.open()
    page = here.page
    page.get_by_label("Speed", exact=True).select_option("200")
    page.click("#play")
    page.wait_for_function("() => Number(document.documentElement.dataset.time) > 60")
    assert text(page, "#play") == "Pause"
    page.click("#play")
    stood = page.evaluate("() => document.documentElement.dataset.time")
    page.wait_for_timeout(300)
    assert page.evaluate("() => document.documentElement.dataset.time") == stood
    page.get_by_label("Time since the first launch").fill("0")
    page.wait_for_function("() => document.documentElement.dataset.time === '0.0'")


def test_a_click_says_why_in_one_sentence(visit: Begin, with_webgl: Browser) -> None:
    here = visit(with_webgl)
    here.open("#/explore?missile=nodong")
    page = here.page
    x, y = battery_at(page)
    page.mouse.click(x - 10, y - 190)  # well north: near Seoul
    page.wait_for_function("() => /°/.test(document.getElementById('sentence').innerText)")
    assert " is not defended against a Nodong" in text(page, "#sentence")
    assert "point=" in page.url


def on_map(page: Page, held: str = "battery") -> tuple[float, float]:
    """Return where something that can be dragged is on the map, in pixels or in units of the flat drawing."""
    if page.evaluate("() => document.documentElement.dataset.view") == "globe":
        page.wait_for_timeout(400)  # drawn anew
        x, y = map(float, page.evaluate(f"() => document.documentElement.dataset.{held}").split(","))
        return x, y
    spot = page.locator(f".held.{held} circle")
    return float(spot.get_attribute("cx") or "nan"), float(spot.get_attribute("cy") or "nan")


@pytest.mark.parametrize("browser", ["with_webgl", "without_webgl"])
def test_the_keyboard_moves_the_map(visit: Begin, browser: str, request: pytest.FixtureRequest) -> None:
    here = visit(request.getfixturevalue(browser))
    here.open("#/explore?missile=nodong&target=busan", ready="html[data-footprint=full][data-tracks]")
    page = here.page
    page.get_by_role("application").focus()
    x, y = on_map(page)
    page.keyboard.press("ArrowRight")
    right, _ = on_map(page)
    page.keyboard.press("ArrowLeft")
    back, _ = on_map(page)
    page.keyboard.press("ArrowUp")
    _, up = on_map(page)
    assert right < x - 50  # what is looked at moves east, so the battery goes left
    assert back == pytest.approx(x, abs=12)
    assert up > y + 50
    (bx, by), (tx, ty) = on_map(page), on_map(page, "target")
    page.get_by_role("button", name="Closer").click()
    (cx, cy), (dx, dy) = on_map(page), on_map(page, "target")
    # The globe is seen in perspective and the flat map is not.
    assert np.hypot(dx - cx, dy - cy) / np.hypot(tx - bx, ty - by) == pytest.approx(1 / 0.7, rel=0.15)
    assert here.complaints == []


def test_the_target_is_dragged_and_its_sentence_follows(visit: Begin, with_webgl: Browser) -> None:
    here = visit(with_webgl)
    here.open("#/explore?missile=nodong")
    page = here.page
    before = text(page, "#sentence")
    x, y = map(float, page.evaluate("() => document.documentElement.dataset.target").split(","))
    box = page.locator("#earth canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    page.mouse.move(box["x"] + x - 60, box["y"] + y - 10)
    # Before the button is let go the sentence is another place's already.
    page.wait_for_function("(before) => document.getElementById('sentence').innerText !== before", arg=before)
    page.mouse.up()
    page.wait_for_function("() => /[?&]point=[0-9.]+,[0-9.]+/.test(location.hash)")
    assert here.complaints == []


def test_what_the_radar_sees_is_shown_for_every_published_range(visit: Begin, with_webgl: Browser) -> None:
    here = visit(with_webgl)
    here.open(
        "#/explore?missile=nodong&layer=radar&altitude=50",
        ready="html[data-coverage][data-drawn=yes][data-footprint=full][data-tracks]",
    )
    page = here.page
    titles = page.get_by_label("Radar range").locator("option").all_inner_texts()
    published = [title for title in titles if title != "the range equation"]
    assert len(published) > 1
    assert all(title in text(page, "#legend") for title in published)
    assert "the radar sees the missile at 50 km altitude" in text(page, "#legend")
    page.get_by_label("Altitude (kilometres)").fill("200")
    page.get_by_label("Altitude (kilometres)").press("Enter")
    page.wait_for_function("() => document.getElementById('legend').innerText.includes('at 200 km altitude')")
    assert "altitude=200" in page.url
    assert here.complaints == []


def test_what_binds_has_a_legend(visit: Begin, with_webgl: Browser) -> None:
    here = visit(with_webgl)
    here.open("#/explore?missile=nodong&layer=constraint")
    assert "beyond the interceptor's range limit" in text(here.page, "#legend")
    here.page.get_by_label("Map shows").select_option("defended")
    here.page.wait_for_function("() => document.getElementById('legend').children.length === 0")


@pytest.mark.parametrize(
    ("link", "heading", "words"),
    [
        ("#/flight-test", "Flight test", "Apogee, range and time go together."),
        ("#/raid", "Raid", "missiles"),
        ("#/runs", "Runs", "directory"),
        ("#/validation", "Validation", "published results beside ours"),
    ],
)
def test_each_page_answers(visit: Begin, with_webgl: Browser, link: str, heading: str, words: str) -> None:
    here = visit(with_webgl)
    here.open(link, ready="#headline:not(:empty)")
    page = here.page
    page.wait_for_function("(words) => document.getElementById('headline').innerText.includes(words)", arg=words)
    assert text(page, "h1") == heading
    assert (here.foreign, here.complaints) == ([], [])


def test_a_flight_test_is_asked_by_its_link(visit: Begin, without_webgl: Browser) -> None:
    here = visit(without_webgl)
    here.open("#/flight-test?apogee=770&range=3700&time=1170&missile=hwasong-12", ready=".pictures:not([hidden])")
    page = here.page
    assert page.get_by_label("Apogee").input_value() == "770"
    assert page.get_by_role("combobox", name="Class").input_value() == "hwasong-12"
    page.get_by_label("Time").fill("1000")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_function("() => /too short for any boost/.test(document.getElementById('headline')?.innerText)")
    assert "time=1000" in page.url
    assert here.complaints == []


def test_a_raid_says_which_number_it_hangs_on(visit: Begin, without_webgl: Browser) -> None:
    here = visit(without_webgl)
    here.open("#/raid?study=seongju-raid&runs=500&set=thaad.interceptor.kill_probability=0.5", ready="table")
    page = here.page
    assert page.get_by_label("One shot kills").first.input_value() == "0.5"
    page.get_by_label("every layer fires").select_option("1,1")
    assert "volleys=1,1" in page.url
    page.get_by_role("button", name="Work it out").click()
    page.wait_for_selector("#sobol img")
    assert "Largest total index" in (page.locator("#sobol img").get_attribute("alt") or "")
    assert page.get_by_role("region", name="Total and first-order indices").locator("tbody tr").count() > 5
    assert here.complaints == []


def test_a_finding_opens_its_study_on_the_map(visit: Begin, without_webgl: Browser) -> None:
    here = visit(without_webgl)
    here.open("#/claims?id=timonin-2017-bounds", ready=".finding")
    link = here.page.locator(".finding").first
    link.locator("summary").click()
    link.get_by_role("link").click()
    here.page.wait_for_selector("html[data-page=explore][data-tracks]", state="attached")
    assert here.complaints == []


def test_claims_and_sources_are_there(visit: Begin, with_webgl: Browser) -> None:
    here = visit(with_webgl)
    here.open("#/claims", ready="#talks-2016-passing")
    assert "recorded as context" in text(here.page, "#talks-2016-passing")
    assert here.page.locator("#timonin-2017-threat a").first.get_attribute("href") == "#/explore?study=russia-view"
    here.page.goto(f"{here.address}#/sources")
    here.page.wait_for_selector("#source-mda-thaad-2016, [id^=source-]")
    assert "launch_mass" in text(here.page, "table")
    assert (here.foreign, here.complaints) == ([], [])


def test_without_webgl_there_is_a_flat_map_and_the_same_numbers(
    visit: Begin, with_webgl: Browser, without_webgl: Browser
) -> None:
    link = "#/explore?missile=nodong&at=36.50,127.90"
    here, flat = visit(with_webgl), visit(without_webgl)
    here.open(link)
    flat.open(link, ready="html[data-footprint=full][data-tracks]")
    assert flat.page.evaluate("() => document.documentElement.dataset.view") == "flat map"
    assert text(flat.page, "#headline") == text(here.page, "#headline")
    assert text(flat.page, "#results table") == text(here.page, "#results table")
    battery = flat.page.locator("svg .battery circle").bounding_box()
    assert battery is not None
    x, y = battery["x"] + battery["width"] / 2, battery["y"] + battery["height"] / 2
    flat.page.mouse.move(x, y)
    flat.page.mouse.down()
    flat.page.mouse.move(x + 20, y - 20)
    flat.page.mouse.up()
    flat.page.wait_for_function("() => !location.hash.includes('at=36.50,127.90')")
    assert flat.complaints == []


def test_a_phone_needs_no_sideways_scrolling(visit: Begin, without_webgl: Browser) -> None:
    here = visit(without_webgl, phone=True)
    for link, ready in (
        ("", "html[data-footprint=full][data-tracks]"),
        ("#/flight-test", "#headline"),
        ("#/claims", "article"),
        ("#/sources", "table"),
    ):
        here.open(link, ready=ready)
        wide, room = here.page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert wide <= room, link


def test_the_first_visit_has_a_guide_of_five_steps_and_the_second_none(visit: Begin, without_webgl: Browser) -> None:
    here = visit(without_webgl, first=True)
    here.open(ready="dialog[open]")
    assert here.page.locator("dialog li").count() == 5
    here.page.keyboard.press("Escape")
    here.page.wait_for_selector("dialog", state="detached")
    here.page.reload()
    here.page.wait_for_selector("html[data-footprint=full]", state="attached")
    assert here.page.locator("dialog").count() == 0


def test_every_control_has_a_name_and_the_keyboard_reaches_it(visit: Begin, without_webgl: Browser) -> None:
    here = visit(without_webgl)
    here.open(ready="html[data-footprint=full][data-tracks]")
    page = here.page
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input, a')]
            .filter(one => !(one.innerText || one.getAttribute('aria-label') || one.labels?.length))
            .map(one => one.outerHTML)"""
    )
    assert nameless == []
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.get_by_label("Latitude").fill("36.5")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.hash.includes('at=36.50')")


def test_downloads_are_files_of_their_kind(visit: Begin, without_webgl: Browser, tmp_path: Path) -> None:
    here = visit(without_webgl)
    here.open(ready="html[data-footprint=full][data-tracks]")
    for format, name in (
        ("geojson", "seongju.geojson"),
        ("study YAML", "seongju.yaml"),
        ("places CSV", "seongju-places.csv"),
        ("picture PNG", "seongju.png"),
    ):
        here.page.get_by_label("Format").select_option(label=format)
        with here.page.expect_download() as wait:
            here.page.get_by_role("button", name="Download").click()
        assert wait.value.suggested_filename == name
        file = tmp_path / name
        wait.value.save_as(file)
        assert file.stat().st_size > 500
    assert json.loads((tmp_path / "seongju.geojson").read_text())["type"] == "FeatureCollection"
    assert (tmp_path / "seongju-places.csv").read_text().startswith("place,name,")
    changed = load_study(tmp_path / "seongju.yaml")
    assert (changed.id, [threat.missile.id for threat in changed.threats]) == ("seongju-changed", ["nodong"])
    picture = plt.imread(tmp_path / "seongju.png")
    assert picture.shape[1] == 2000
    assert 1400 < picture.shape[0] < 1600  # the map, and below it what it shows and where it comes from
    assert len(np.unique(picture[:1350, :, :3].reshape(-1, 3), axis=0)) > 100  # areas, coasts and names over each other


LINKS = (
    "#/explore?study=nowhere", "#/explore?study=../../etc", "#/explore?missile=%00&at=1,2,3", "#/explore?at=95,500",
    "#/explore?at=,", "#/explore?at=nan,inf", "#/explore?set=a=b&set==&set=x", "#/nothing", "#/explore?areas=,,,",
    "#/explore?missile=nodong&areas=wonsan,nowhere", "#/explore?set=interceptor.burnout_speed=1e99",
    "#/explore?%", "#/?study=seongju&layer=<script>", "#/explore?target=" + "x" * 5000, "#/explore?point=0,0",
)  # fmt: skip


VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["seongju", "china-view", "nodong", "busan", "radar", "constraint", "1e9", "-1", "36.5,128", "NaN"]
    ),
)
NAMES = (
    "study", "missile", "areas", "at", "target", "point", "layer", "altitude", "set", "runs", "volleys", "apogee",
    "range", "time", "id",
)  # fmt: skip
QUERIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5)
PATHS = st.sampled_from(["explore", "flight-test", "raid", "claims", "sources", "runs"]) | st.text(max_size=10)


def test_no_random_link_breaks_the_page(visit: Begin, without_webgl: Browser) -> None:
    """Whatever the address says, the page shows itself or says in words why not."""
    here = visit(without_webgl)
    here.open("#/runs", ready="#headline")

    @given(path=PATHS, query=QUERIES)
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def probe(path: str, query: dict[str, str]) -> None:
        here.page.evaluate(
            """(hash) => {
                delete document.documentElement.dataset.page;
                location.hash = '#';
                location.hash = hash;
            }""",
            f"/{quote(path)}?{urlencode(query, errors='ignore')}",
        )
        here.page.wait_for_function("() => document.documentElement.dataset.page || document.querySelector('main h1')")
        assert here.page.locator("nav a").count() == 7

    probe()
    assert [words for words in here.complaints if "status of 4" not in words] == []


def test_no_link_breaks_the_page(visit: Begin, without_webgl: Browser) -> None:
    here = visit(without_webgl)
    for link in LINKS:
        here.page.goto(f"{here.address}api/about")
        here.page.goto(f"{here.address}{link}")
        here.page.wait_for_selector("html[data-page], h1", state="attached")
        here.page.wait_for_selector("h1, h2", state="attached")
        assert here.page.locator("nav a").count() == 7, link
    # The server's refusals are shown in words; the browser notes them too, and nothing else.
    assert [words for words in here.complaints if "status of 4" not in words] == []


def test_exported_czml_moves_in_cesium_itself(visit: Begin, with_webgl: Browser) -> None:
    replay = replay_of(load_any_study("china-view"))
    here = visit(with_webgl)
    here.page.add_init_script("window.CESIUM_BASE_URL = 'cesium/'")
    here.page.goto(f"{here.address}api/about")  # an empty page of the same origin
    context = with_webgl.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{here.address}api/about")
    page.add_script_tag(path=FRONTEND / "node_modules" / "cesium" / "Build" / "Cesium" / "Cesium.js")
    times = [float(track.time_s[len(track.time_s) // 3]) for track in replay.tracks]
    found = page.evaluate(
        """async ([czml, ids, times]) => {
            const source = await Cesium.CzmlDataSource.load(JSON.parse(czml));
            const start = Cesium.JulianDate.fromIso8601('2000-01-01T00:00:00Z');
            return ids.map((id, i) => {
                const at = Cesium.JulianDate.addSeconds(start, times[i], new Cesium.JulianDate());
                const place = source.entities.getById(id).position.getValue(at);
                const {longitude, latitude, height} = Cesium.Cartographic.fromCartesian(place);
                return [longitude, latitude, height];
            });
        }""",
        [replay_czml(replay, ()), [f"missile/{track.id}" for track in replay.tracks], times],
    )
    context.close()
    for (lon, lat, height), track, time_s in zip(found, replay.tracks, times, strict=True):
        i = int(np.searchsorted(track.time_s, time_s))
        _, _, off_m = GEOD.inv(
            np.degrees(lon), np.degrees(lat), np.degrees(track.lon_rad[i]), np.degrees(track.lat_rad[i])
        )
        # At a sample: what rounding to 1e-6 of a degree, a metre and a millisecond leaves at 7 km/s.
        assert off_m < 10.0
        assert height == pytest.approx(float(track.altitude_m[i]), abs=10.0)
