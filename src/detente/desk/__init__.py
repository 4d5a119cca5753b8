"""The desk: the exact model in one page, moved by sliders, with no server.

Python compiles a scenario; the page adds what its sliders move and solves in plain ES modules.
"""

from .headline import headline_of as headline_of
from .page import desk_page as desk_page, OnDesk as OnDesk
