"""Every setting, read once from the environment and handed down as values."""

from plotkiln.settings.reading import read_settings
from plotkiln.settings.values import Settings
from plotkiln.settings.variables import VARIABLES, Variable

__all__ = ["VARIABLES", "Settings", "Variable", "read_settings"]
