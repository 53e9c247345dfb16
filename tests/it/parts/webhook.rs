mod connections;
mod open_files;
mod payload;
mod replay_guard;
