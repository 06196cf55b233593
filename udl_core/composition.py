"""`regions.compose` and `regions.preimages` under the name that a live figure's copied code imports."""

from udl_core.regions.composition import compose, preimages

__all__ = ["compose", "preimages"]
