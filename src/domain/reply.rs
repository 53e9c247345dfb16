//! Macros rendered, the disclosure rule kept.
