//! What somebody does next, drawn at random, and how it is sent to the chain and to the model.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::SolCall;
use client::abi::{
    IStakingPool as Pool, IValidatorRegistry as Registry, IWithdrawalQueue as Queue,
};
use rand::Rng;
use rand::seq::IndexedRandom;

use super::model::{MINIMUM, Model, Refusal};

const ETHER: u128 = 1_000_000_000_000_000_000;

/// A call somebody makes.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) from: Address,
    pub(super) value: U256,
    pub(super) act: Act,
}

#[derive(Debug, Clone)]
pub(super) enum Act {
    Send,
    Submit(Address),
    Deposit(Address, Address, U256),
    Approve(Address, U256),
    Transfer(Address, U256),
    TransferFrom(Address, Address, U256),
    TransferShares(Address, U256),
    TransferSharesFrom(Address, Address, U256),
    Distribute,
    Rebalance(U256),
    SetLimit(u128, u32),
    SetTargetBuffer(u128),
    Request(Vec<U256>, Address),
    RequestShares(U256, Address, U256),
    Finalize(U256),
    Claim(U256),
    ClaimTo(U256, Address),
    Cancel(U256),
    Sell(Address, Address, U256),
    Slash(u32, U256, B256),
    Unjail(u32),
    Exit(u32),
    TopUp(u32),
    FundCover,
}

impl Operation {
    /// Whom it calls, with which data.
    pub(super) fn call(&self, model: &Model) -> (Address, Vec<u8>) {
        let at = model.at;
        match self.act.clone() {
            Act::Send => (at.pool, Vec::new()),
            Act::Submit(referral) => (at.pool, Pool::submitCall { referral }.abi_encode()),
            Act::Deposit(receiver, referral, minimum) => {
                let call = Pool::depositCall {
                    receiver,
                    referral,
                    minShares: minimum,
                };
                (at.pool, call.abi_encode())
            }
            Act::Approve(spender, amount) => {
                (at.pool, Pool::approveCall { spender, amount }.abi_encode())
            }
            Act::Transfer(to, amount) => (at.pool, Pool::transferCall { to, amount }.abi_encode()),
            Act::TransferFrom(from, to, amount) => {
                let call = Pool::transferFromCall { from, to, amount };
                (at.pool, call.abi_encode())
            }
            Act::TransferShares(to, shares) => {
                let call = Pool::transferSharesCall { to, shares };
                (at.pool, call.abi_encode())
            }
            Act::TransferSharesFrom(from, to, shares) => {
                let call = Pool::transferSharesFromCall { from, to, shares };
                (at.pool, call.abi_encode())
            }
            Act::Distribute => (at.pool, Pool::distributeCall {}.abi_encode()),
            Act::Rebalance(max_ops) => {
                let call = Pool::rebalanceCall { maxOps: max_ops };
                (at.pool, call.abi_encode())
            }
            Act::SetLimit(most, refill) => {
                let call = Pool::setStakingLimitCall {
                    maxStakeLimit: U256::from(most),
                    refillSeconds: refill,
                };
                (at.pool, call.abi_encode())
            }
            Act::SetTargetBuffer(assets) => {
                let call = Pool::setTargetBufferCall {
                    assets: U256::from(assets),
                };
                (at.pool, call.abi_encode())
            }
            other => other.call_elsewhere(at.queue, at.registry),
        }
    }

    /// What the model makes of it.
    pub(super) fn apply(&self, model: &mut Model) -> Result<Vec<u8>, Refusal> {
        let from = self.from;
        match self.act.clone() {
            Act::Send => {
                let nobody = Address::ZERO;
                let minted = model.deposit(from, from, nobody, self.value, U256::ZERO);
                minted.map(|_| Vec::new())
            }
            Act::Submit(referral) => {
                let shares = model.deposit(from, from, referral, self.value, U256::ZERO)?;
                Ok(Pool::submitCall::abi_encode_returns(&shares))
            }
            Act::Deposit(receiver, referral, minimum) => {
                let shares = model.deposit(from, receiver, referral, self.value, minimum)?;
                Ok(Pool::depositCall::abi_encode_returns(&shares))
            }
            Act::Approve(spender, amount) => model.approve(from, spender, amount),
            Act::Transfer(to, amount) => model.transfer(from, to, amount),
            Act::TransferFrom(owner, to, amount) => model.transfer_from(from, owner, to, amount),
            Act::TransferShares(to, shares) => model.transfer_shares(from, to, shares),
            Act::TransferSharesFrom(owner, to, shares) => {
                model.transfer_shares_from(from, owner, to, shares)
            }
            Act::Distribute => model.distribute(from, self.value),
            Act::Rebalance(max_ops) => model.rebalance(max_ops),
            Act::SetLimit(most, refill) => model.set_limit(from, most, refill),
            Act::SetTargetBuffer(assets) => model.set_target_buffer(from, assets),
            Act::Request(amounts, owner) => model.request(from, &amounts, owner),
            Act::RequestShares(shares, owner, least) => {
                model.request_shares(from, shares, owner, least)
            }
            Act::Finalize(most) => model.finalize(most),
            Act::Claim(id) => model.claim(id),
            Act::ClaimTo(id, receiver) => model.claim_to(from, id, receiver),
            Act::Cancel(id) => model.cancel(from, id),
            Act::Sell(owner, to, id) => model.sell(from, owner, to, id),
            Act::Slash(id, penalty, evidence) => model.slash(from, id, penalty, evidence),
            Act::Unjail(id) => model.unjail(from, id),
            Act::Exit(id) => model.exit(from, id),
            Act::TopUp(id) => model.top_up(id, self.value),
            Act::FundCover => model.fund_cover(from, self.value),
        }
    }

    /// Draws the next operation; most of them can succeed, some cannot.
    pub(super) fn draw(rng: &mut impl Rng, model: &Model, people: &[Address]) -> Self {
        let somebody = |rng: &mut _| *IndexedRandom::choose(people, rng).unwrap_or(&Address::ZERO);
        let from = somebody(rng);
        let to = match rng.random_range(0..40) {
            0 => Address::ZERO,
            1 => model.at.pool,
            _ => somebody(rng),
        };
        let (act, value) = match rng.random_range(0..100) {
            0..3 => (Act::Send, ether(rng, MINIMUM)),
            3..14 => (Act::Submit(to), ether(rng, MINIMUM)),
            14..20 => {
                let least = U256::from(rng.random_range(0..2 * ETHER));
                (Act::Deposit(to, from, least), ether(rng, MINIMUM))
            }
            20..28 => (Act::Approve(to, amount(rng, 50 * ETHER)), 0),
            28..35 => (
                Act::Transfer(to, amount(rng, model.worth(model.held(from)))),
                0,
            ),
            35..40 => {
                let owner = somebody(rng);
                let allowed = model.allowance(owner, from).saturating_to();
                (Act::TransferFrom(owner, to, amount(rng, allowed)), 0)
            }
            40..44 => (Act::TransferShares(to, amount(rng, model.held(from))), 0),
            44..48 => {
                let owner = somebody(rng);
                (
                    Act::TransferSharesFrom(owner, to, amount(rng, model.held(owner))),
                    0,
                )
            }
            48..58 => return Self::draw_request(rng, model, from, to),
            58..66 => (Act::Finalize(U256::from(rng.random_range(0..8))), 0),
            66..74 => return Self::draw_end(rng, model, from, to),
            74..84 => {
                let most = *[0, 1, 2, 3, 16, 64, 65].choose(rng).unwrap_or(&1);
                (Act::Rebalance(U256::from(most)), 0)
            }
            84..90 => return Self::draw_reward(rng, model, from),
            _ => return Self::draw_registry(rng, model, from),
        };
        Self {
            from,
            value: U256::from(value),
            act,
        }
    }

    fn draw_request(rng: &mut impl Rng, model: &Model, from: Address, owner: Address) -> Self {
        let act = match rng.random_range(0..3) {
            0 => {
                let shares = amount(rng, model.held(from));
                let least = U256::from(rng.random_range(0..ETHER));
                Act::RequestShares(shares, owner, least)
            }
            _ => {
                let count = rng.random_range(0..3);
                let most = model.worth(model.held(from));
                let amounts = (0..count).map(|_| amount(rng, most)).collect();
                Act::Request(amounts, owner)
            }
        };
        Self {
            from,
            value: U256::ZERO,
            act,
        }
    }

    /// What ends a request or hands it on; by its owner mostly.
    fn draw_end(rng: &mut impl Rng, model: &Model, from: Address, to: Address) -> Self {
        let number = rng.random_range(0..model.requests.len() + 2);
        let id = U256::from(number);
        let owner = model.requests.get(number.wrapping_sub(1));
        let owner = owner.map_or(from, |request| request.owner);
        let from = if rng.random_bool(0.8) { owner } else { from };
        let act = match rng.random_range(0..10) {
            0..5 => Act::Claim(id),
            5 | 6 => Act::ClaimTo(id, to),
            7 | 8 => Act::Cancel(id),
            _ => Act::Sell(owner, to, id),
        };
        Self {
            from,
            value: U256::ZERO,
            act,
        }
    }

    fn draw_reward(rng: &mut impl Rng, model: &Model, from: Address) -> Self {
        let admin = model.at.admin;
        let (from, act, value) = match rng.random_range(0..20) {
            0 => (from, Act::Distribute, ether(rng, 1)),
            1 => (admin, Act::Distribute, 0),
            2 | 3 => {
                let most = *[0, ETHER, 50 * ETHER].choose(rng).unwrap_or(&0);
                (admin, Act::SetLimit(most, rng.random_range(0..10_000)), 0)
            }
            4 => (
                admin,
                Act::SetTargetBuffer(rng.random_range(0..5 * ETHER)),
                0,
            ),
            5 => (from, Act::SetTargetBuffer(0), 0),
            _ => (admin, Act::Distribute, ether(rng, 1) / 50),
        };
        Self {
            from,
            value: U256::from(value),
            act,
        }
    }

    fn draw_registry(rng: &mut impl Rng, model: &Model, from: Address) -> Self {
        let id = rng.random_range(0..=model.validators.len() as u32);
        let operator = model
            .validators
            .get((id as usize).wrapping_sub(1))
            .map_or(from, |one| one.operator);
        let (from, act, value) = match rng.random_range(0..12) {
            0 => (from, Act::Unjail(id), 0),
            1..4 => (operator, Act::Unjail(id), 0),
            4..7 => (from, Act::TopUp(id), ether(rng, 1)),
            7 => (from, Act::FundCover, ether(rng, 1)),
            8 if rng.random_bool(0.05) => (operator, Act::Exit(id), 0),
            8 | 9 => (from, Act::Slash(id, U256::ONE, B256::repeat_byte(1)), 0),
            _ => {
                let exposure = model.validators.get((id as usize).wrapping_sub(1));
                let exposure = exposure.map_or(1, |one| one.bond + one.delegated + one.unbonding);
                let part = *[1, 20, 200, 1_000].choose(rng).unwrap_or(&1);
                let penalty = U256::from(exposure / part + u128::from(rng.random_bool(0.1)));
                let evidence = keccak256(rng.random::<u64>().to_be_bytes());
                (model.at.admin, Act::Slash(id, penalty, evidence), 0)
            }
        };
        Self {
            from,
            value: U256::from(value),
            act,
        }
    }
}

impl Act {
    fn call_elsewhere(self, queue: Address, registry: Address) -> (Address, Vec<u8>) {
        match self {
            Self::Request(amounts, owner) => {
                let call = Queue::requestWithdrawalsCall { amounts, owner };
                (queue, call.abi_encode())
            }
            Self::RequestShares(shares, owner, least) => {
                let call = Queue::requestWithdrawalCall {
                    shares,
                    owner,
                    minEth: least,
                };
                (queue, call.abi_encode())
            }
            Self::Finalize(most) => {
                let call = Queue::finalizeCall { maxRequests: most };
                (queue, call.abi_encode())
            }
            Self::Claim(id) => {
                let call = Queue::claimWithdrawalCall { requestId: id };
                (queue, call.abi_encode())
            }
            Self::ClaimTo(id, receiver) => {
                let call = Queue::claimToCall {
                    requestId: id,
                    receiver,
                };
                (queue, call.abi_encode())
            }
            Self::Cancel(id) => (queue, Queue::cancelCall { requestId: id }.abi_encode()),
            Self::Sell(from, to, id) => {
                let call = Queue::transferFromCall {
                    from,
                    to,
                    tokenId: id,
                };
                (queue, call.abi_encode())
            }
            Self::Slash(id, penalty, evidence) => {
                let call = Registry::slashCall {
                    id,
                    penalty,
                    evidenceHash: evidence,
                };
                (registry, call.abi_encode())
            }
            Self::Unjail(id) => (registry, Registry::unjailCall { id }.abi_encode()),
            Self::Exit(id) => (registry, Registry::exitCall { id }.abi_encode()),
            Self::TopUp(id) => (registry, Registry::topUpBondCall { id }.abi_encode()),
            Self::FundCover => (registry, Registry::fundCoverCall {}.abi_encode()),
            other => unreachable!("{other:?} goes to the pool"),
        }
    }
}

/// An amount of ETH to send, from `least` wei to 20 ETH, now and then less than `least`.
fn ether(rng: &mut impl Rng, least: u128) -> u128 {
    match rng.random_range(0..12) {
        0 => rng.random_range(0..=least),
        1..4 => rng.random_range(least..=least * 10),
        _ => rng.random_range(least..=20 * ETHER),
    }
}

/// An amount up to `most` and at times just above, with the edges among them.
fn amount(rng: &mut impl Rng, most: u128) -> U256 {
    let amount = match rng.random_range(0..12) {
        0 => 0,
        1 => 1,
        2 => return U256::MAX,
        3 => most.saturating_add(1),
        4..7 => most,
        _ => rng.random_range(0..=most),
    };
    // Beyond this the model's products of shares and ETH do not fit their quotients.
    U256::from(amount.min(1 << 100))
}
