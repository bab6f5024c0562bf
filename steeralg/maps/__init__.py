"""Linear maps on matrices and the library of maps. Above: objects, constructions. Below: the exact layer."""
