//! What the same step costs elsewhere.
//!
//! Receipts of a real Nitro node at ArbOS 51 with an L1 price of 0. Lido as it is deployed, behind
//! its proxies, wstETH as wlsETH's peer; the leanest of Rocket Pool, Frax, Mantle, Liquid Collective and
//! Ether.fi; and, for a step that any token has, OpenZeppelin's ERC-20, ERC-4626, ERC20Votes and
//! ERC721Enumerable 5.7 without proxy (solc 0.8.28, 200 runs).

/// A step and its peers' gas.
pub(super) struct Peer {
    pub(super) step: &'static str,
    pub(super) lido: Option<u64>,
    pub(super) leanest: Option<u64>,
    pub(super) openzeppelin: Option<u64>,
}

const fn peer(step: &'static str, lido: u64, leanest: u64, openzeppelin: u64) -> Peer {
    Peer {
        step,
        lido: known(lido),
        leanest: known(leanest),
        openzeppelin: known(openzeppelin),
    }
}

/// Zero stands for a step that nobody was measured at.
const fn known(gas: u64) -> Option<u64> {
    if gas == 0 { None } else { Some(gas) }
}

/// Of every step that a peer has as well.
pub(super) const PEERS: &[Peer] = &[
    peer("deposit, new holder", 93_854, 66_567, 0),
    peer("deposit, existing holder", 76_754, 49_467, 0),
    peer("deposit by plain send", 74_945, 0, 0),
    peer("transfer, existing holder", 67_214, 34_323, 34_503),
    peer("transfer, new holder", 84_314, 51_423, 51_603),
    peer("transferShares, existing holder", 66_952, 0, 0),
    peer("approve, first", 65_462, 46_207, 46_401),
    peer("transferFrom, existing holder", 74_110, 42_224, 40_525),
    peer("permit, first", 104_675, 74_866, 74_825),
    peer("permit, again", 70_487, 40_678, 40_661),
    peer("request a withdrawal, first", 249_346, 217_284, 0),
    peer("request a withdrawal, again", 198_046, 183_084, 0),
    peer("request with a permit", 229_998, 279_598, 0),
    peer("finalize 1 request", 107_322, 78_942, 0),
    peer("finalize 10 requests", 107_322, 78_942, 0),
    peer("claim", 85_278, 113_240, 0),
    peer("claim 5 requests", 198_848, 0, 0),
    peer("leave at once", 0, 137_573, 0),
    peer("approve a position", 0, 0, 48_685),
    peer("transfer a position", 95_775, 0, 79_058),
    peer("wlsETH: wrap, new holder", 108_882, 79_872, 73_925),
    peer("wlsETH: wrap, existing holder", 91_782, 62_772, 56_825),
    peer("wlsETH: wrap, once more", 91_782, 62_772, 56_825),
    peer("wlsETH: ERC-4626 deposit", 91_782, 62_772, 56_825),
    peer("wlsETH: ERC-4626 mint", 91_782, 62_772, 56_766),
    peer("wlsETH: ETH in one step", 100_662, 105_595, 0),
    peer("wlsETH: transfer, new holder", 51_700, 51_332, 51_603),
    peer("wlsETH: transfer, existing holder", 34_600, 34_232, 34_503),
    peer("wlsETH: approve, first", 46_228, 46_245, 46_401),
    peer(
        "wlsETH: transferFrom, existing holder",
        42_480,
        40_168,
        40_525,
    ),
    peer("wlsETH: permit, first", 74_717, 74_313, 74_825),
    peer("wlsETH: permit, again", 40_512, 40_125, 40_661),
    peer("wlsETH: unwrap", 91_194, 61_208, 55_506),
    peer("wlsETH: ERC-4626 redeem", 91_194, 61_208, 55_506),
    peer("wlsETH: ERC-4626 withdraw", 91_194, 61_165, 57_696),
    peer("wlsETH: delegate, first", 0, 0, 95_642),
    peer("wlsETH: transfer, sender delegated", 0, 0, 72_028),
    peer("register a validator", 138_593, 111_393, 0),
    peer("distribute a reward", 489_577, 112_942, 0),
    peer("slash a validator", 388_317, 44_228, 0),
];
