mod audit;
mod plan;
mod replica;
mod secrets;
mod undisturbed;
