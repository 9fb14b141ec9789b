//! The node as its clients see it: each test starts its own and talks to it over the wire.
mod bad_input;
mod binary;
mod cache_manager;
mod chain_rules;
mod concurrency;
mod edits;
mod lifetime;
mod methods;
mod programs;
mod reorg;
mod setup;
mod sockets;
mod state_file;
mod subscriptions;
mod traces;
mod versions;
mod world;
