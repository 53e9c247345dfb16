//! Licence plates, normalised.
