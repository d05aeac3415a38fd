"""What a figure says and where, for the tests of figures."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text


def hidden_tick_labels(figure: Figure) -> set[Text]:
    """Ticks outside the limits keep their labels without drawing them."""
    hidden: set[Text] = set()
    for axes in figure.axes:
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            current = axis.get_major_ticks()
            for tick in axis.majorTicks:
                if tick not in current or not min(limits) <= tick.get_loc() <= max(limits):
                    hidden |= {tick.label1, tick.label2}
    return hidden


def texts(figure: Figure) -> Iterator[Text]:
    hidden = hidden_tick_labels(figure)
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip() and text not in hidden:
            yield text


def tagged(figure: Figure, gid: str) -> list[Artist]:
    return figure.findobj(lambda artist: artist.get_gid() == gid)


def tagged_words(figure: Figure, gid: str) -> list[str]:
    return [artist.get_text() for artist in tagged(figure, gid) if isinstance(artist, Text)]


def assert_texts_are_apart(figure: Figure, *, at_least: int = 10) -> None:
    """Check that texts keep within the page and clear of each other."""
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()
    renderer = canvas.get_renderer()
    page = figure.bbox
    boxes = [(text.get_text(), Text.get_window_extent(text, renderer)) for text in texts(figure)]
    assert len(boxes) > at_least
    for word, box in boxes:
        assert min(box.x0 - page.x0, page.x1 - box.x1, box.y0 - page.y0, page.y1 - box.y1) >= 0, word
    for i, (first, a) in enumerate(boxes):
        for second, b in boxes[i + 1 :]:
            overlap = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            assert overlap[0] <= 1.0 or overlap[1] <= 3.0, (first, second)
