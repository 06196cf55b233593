"""Write the exercise pages from their sources, before Sphinx looks for them.

``exercises/settings.yml`` says whether they hold solutions. The pages are notebooks, shown without being run.
"""

import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

HERE = Path(__file__).parents[2]


def setup(app: Sphinx) -> dict[str, bool]:
    root = Path(app.srcdir)
    if str(HERE) not in sys.path:
        sys.path.insert(0, str(HERE))
    from udl_exercises.author.derive import write_pages
    from udl_exercises.author.settings import read_settings
    from udl_exercises.author.source import SourceError

    try:
        write_pages(root, read_settings(root))
    except (SourceError, ValueError) as error:
        raise ExtensionError(str(error)) from None
    return {"parallel_read_safe": True, "parallel_write_safe": True}
