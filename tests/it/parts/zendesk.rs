mod budget;
mod rate_limit;
mod requests;
mod search;
mod trust;
