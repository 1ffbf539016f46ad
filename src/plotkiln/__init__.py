"""On-demand Matplotlib rendering whose look lives in Consul KV."""

from plotkiln.__about__ import __version__

__all__ = ["__version__"]
