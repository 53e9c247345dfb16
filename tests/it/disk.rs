//! The state on disk over time, observed from outside the real binary: a preloaded library records and disturbs its
//! system calls.

mod disk_image;
mod faults;
mod order;
mod order_postgres;
mod power_cut;
mod scene;
mod sender;
mod shim;
mod trace;
