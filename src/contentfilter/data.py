"""Where the shipped files are: `models/` and `wordlists/`, inside the package or beside it."""

from functools import cache
from pathlib import Path

from .errors import ContentFilterError


@cache
def data_folder(name: str) -> Path:
    """The folder `name` ("models", "wordlists"): a wheel has it in the package, an editable install at the repository root."""
    package = Path(__file__).resolve().parent
    for folder in (package / name, package.parent.parent / name):
        if folder.is_dir():
            return folder
    raise ContentFilterError(f"{package / name}: no such folder; the installation is incomplete, install contentfilter again")


def shipped_model() -> Path:
    """The model that a filter takes where no other is named."""
    return data_folder("models") / "contentfilter-vi.safetensors"
