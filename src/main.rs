//! The `misread` command.

fn main() {}
