from .credited import credited as credited
from .forms import (
    files_of as files_of,
    form_of as form_of,
    FORMS as FORMS,
    is_picture as is_picture,
    places_of as places_of,
)
from .material import Material as Material
from .played import tables_of as tables_of
from .rows import without_formula as without_formula
from .tidy import tidy as tidy, TidyTable as TidyTable
