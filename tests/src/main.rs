//! End-to-end scenarios: real contracts on a real node, each on a fresh chain of its own.
//!
//! A rule of arithmetic is tested in `contracts/protocol`, one contract in its own `tests.rs`;
//! here are the rules that take several contracts, and what a user is told when one of them refuses.

mod borrowed;
mod bounded;
mod crooked;
mod curation;
mod deeds;
mod deployment;
mod deposits;
mod donations;
mod estimate;
mod ether_vault;
mod faces;
mod forced_ether;
mod golden;
mod hooks;
mod hostile;
mod invariants;
mod layouts;
mod leaving;
mod life;
mod lifetime;
mod live;
mod lockstep;
mod malformed;
mod permit;
mod positions;
mod proxies;
mod puppet;
mod queue;
mod queue_gas;
mod rewards;
mod roles;
mod slashing;
mod token;
mod twins;
mod upgrades;
mod validators;
mod world;
mod wrapped;
