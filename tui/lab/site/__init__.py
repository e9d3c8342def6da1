"""One simulated site of plain objects with rules: what each command does to it, and what follows."""

from tui.lab.site.judge import Judgement, judge
from tui.lab.site.keys import KeyMaker, RealKeys
from tui.lab.site.site import NoSuchHost, Site, load_site
from tui.lab.site.store import Store
from tui.lab.site.story import VARIANTS, make_site
from tui.lab.site.summary import summary

__all__ = [
    "VARIANTS",
    "Judgement",
    "KeyMaker",
    "NoSuchHost",
    "RealKeys",
    "Site",
    "Store",
    "judge",
    "load_site",
    "make_site",
    "summary",
]
