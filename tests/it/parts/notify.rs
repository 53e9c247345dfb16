mod judge;
mod message;
