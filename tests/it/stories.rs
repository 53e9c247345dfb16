//! The main job, told as stories: from a customer's ticket to its end, in domain words.

mod accounts;
mod breaker;
mod conversations;
mod crashes;
mod crowds;
mod erasure;
mod evidence;
mod faults;
mod interruptions;
mod limits;
mod lost;
mod macros;
mod numbers;
mod orders;
mod outages;
mod people;
mod readiness;
mod reload;
mod replicas;
mod settled;
mod setup;
mod skews;
mod talks;
mod told;
mod trust;
mod which_use;
