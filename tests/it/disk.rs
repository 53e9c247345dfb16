//! What stands on disk, and when: seen from outside the real binary, whose calls to the system a preloaded library writes down
//! and disturbs.

mod disk_image;
mod faults;
mod order;
mod order_postgres;
mod power_cut;
mod scene;
mod sender;
mod shim;
mod trace;
