//! The main job, told as stories: from a customer's ticket to its end, in domain words.

mod crashes;
mod faults;
mod interruptions;
mod people;
mod reload;
mod replicas;
mod settled;
mod talks;
mod told;
mod trust;
mod which_use;
