"""The constructions of the papers, one module per paper, equation numbers in the docstrings. Above: claims. Below:
objects.
"""
