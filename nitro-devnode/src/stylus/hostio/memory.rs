//! Paying for guest memory.
use crate::stylus::{
    exchange::Request,
    host::{Escape, Guest},
    ink::HOSTIO,
};

/// `pay_for_memory_grow(pages)`: the instrumentation calls it before every `memory.grow`.
/// The page count is a u16, as Nitro reads it.
pub(super) async fn pay_for_memory_grow(mut guest: Guest<'_>, pages: u32) -> Result<(), Escape> {
    let [low, high, ..] = pages.to_le_bytes();
    let pages = u16::from_le_bytes([low, high]);
    if pages == 0 {
        guest.buy_ink(HOSTIO)?;
    } else {
        let exchange = guest.host().exchange.clone();
        let gas = exchange
            .ask(|reply| Request::OpenPages { pages, reply })
            .await;
        guest.buy_gas(gas)?;
    }
    guest.report("pay_for_memory_grow", || (pages, ()));
    Ok(())
}
