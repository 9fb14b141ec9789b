//! The rules of the protocol: pure functions on plain structs, no storage, no clock, no I/O.
//!
//! A contract loads a struct, calls one rule, stores what the rule returns.
//! Amounts are `u128`: wei of ETH (all the ETH there is stays under 2^87 wei) or shares,
//! and every product is formed over its full width, so nothing is lost before the one division.
//!
//! | module | decides |
//! |---|---|
//! | [`mul_div`] | exact arithmetic: products over full width, sums and differences that report |
//! | [`bps`] | parts of a whole in basis points |
//! | [`rate`] | conversions between ETH and shares and which way each rounds |
//! | [`drip`] | how much of a reward has been released, and how long a release takes |
//! | [`fees`] | the protocol's part of a reward and the shares it buys |
//! | [`limits`] | minimum amounts and the deposit limit that refills with time |
//! | [`pool`] | what deposit, distribute, redeem and a loss do to the pool's ledger |
//! | [`terms`] | the registry's parameters and their bounds |
//! | [`registry`] | a validator's record and its states |
//! | [`bond`] | what must stay of a bond, and how the rest leaves |
//! | [`commission`] | what a validator takes of the pay, and how that may change |
//! | [`fault`] | allegations that are not decided, and evidence that counts once |
//! | [`delegation`] | capacity, delegated and unbonding stake of one validator |
//! | [`allocation`] | who gets new stake and who gives it back |
//! | [`slashing`] | who pays a penalty, in which order |
//! | [`queue`] | a withdrawal request: nominal, fill, cancel, claim, estimate |
//! | [`redemption`] | taking what filled requests were paid, in parts |
//! | [`instant`] | leaving past the queue: what may be taken, and its fee |
//! | [`feed`] | what a price feed may say |
//! | [`votes`] | votes as they were |
//! | [`reserves`] | to whom every wei of a contract's balance belongs |
#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

pub mod allocation;
pub mod bond;
pub mod bps;
pub mod commission;
pub mod delegation;
pub mod drip;
pub mod fault;
pub mod feed;
pub mod fees;
pub mod instant;
pub mod limits;
pub mod mul_div;
pub mod pool;
pub mod queue;
pub mod rate;
pub mod redemption;
pub mod registry;
pub mod reserves;
pub mod slashing;
pub mod terms;
pub mod votes;
