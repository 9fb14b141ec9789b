//! Hostile neighbours: whoever is paid may call back, burn gas or answer at length, and ends with what
//! one honest call gives.

mod account;
mod estate;
mod queue;
mod receivers;
mod registry;
