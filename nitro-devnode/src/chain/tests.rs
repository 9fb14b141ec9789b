use alloy::primitives::U256;

use super::{Chain, Config, DEV_ACCOUNT};

#[test]
fn a_bare_chain_starts_with_the_dev_account_alone() {
    let chain = Chain::new(Config {
        bare: true,
        ..Config::default()
    })
    .expect("starts");
    let dev = chain.reader().account(0, DEV_ACCOUNT);
    assert_eq!(dev.balance, U256::from(1_000_000_000_000_000_000_000_u128));
    assert_eq!(dev.nonce, 0);
    assert_eq!(chain.reader().head_number(), 0);
}
