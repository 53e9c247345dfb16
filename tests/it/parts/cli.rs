mod aligned;
mod health;
mod macro_lines;
#[cfg(feature = "sandbox")]
mod overview;
mod status_line;
