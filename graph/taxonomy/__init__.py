"""Peyvand's own tree of product classes in Persian and English, cross-referenced to CPV, HS, ISIC, UNSPSC."""

from graph.taxonomy.load import default_taxonomy, load_taxonomy
from graph.taxonomy.model import CodeHit, ProductClass, Taxonomy
from graph.taxonomy.problems import Problem, TaxonomyError
from graph.taxonomy.text import normalise_alias

__all__ = [
    "CodeHit",
    "Problem",
    "ProductClass",
    "Taxonomy",
    "TaxonomyError",
    "default_taxonomy",
    "load_taxonomy",
    "normalise_alias",
]
