//! Settings, policy and macro files: load, check everything at once, point at the line.
