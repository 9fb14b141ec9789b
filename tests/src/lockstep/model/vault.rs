//! The ETH vault: a user of wlsETH and queue, with accounts of its own for those it queues for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::IEtherVault as Vault;

use super::wrapped::MOST;
use super::{MINIMUM, Model, Refusal, narrow, refuse, word};
use crate::lockstep::amounts::{down, up};

/// Requests that one call takes out of the queue, or looks at.
const MOST_OPENED: usize = 32;

/// What somebody has asked back, or is left of it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) id: U256,
    pub(super) shares: u128,
    /// Wei here for the shares; none before they came out of the queue.
    assets: Option<u128>,
}

/// The books of the vault.
#[derive(Debug, Clone, Default)]
pub(in crate::lockstep) struct Accounts {
    /// By controller: what is not taken yet, oldest first.
    pub(super) parts: BTreeMap<Address, VecDeque<Part>>,
    /// By controller: every request there ever was.
    pub(super) made: BTreeMap<Address, Vec<U256>>,
    /// Which controller lets whom act.
    pub(in crate::lockstep) operators: BTreeSet<(Address, Address)>,
    /// Whether the queue pays because the vault claims.
    pub(super) claiming: bool,
}

/// What a part is counted in.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    Shares,
    Assets,
}

impl Model {
    /// Who may have something in the vault.
    pub(in crate::lockstep) fn controllers(&self) -> impl Iterator<Item = Address> {
        self.vault.made.keys().copied()
    }

    /// Wei in the vault that are somebody's.
    pub(in crate::lockstep) fn vault_owes(&self) -> u128 {
        let parts = self.vault.parts.values().flatten();
        parts.filter_map(|part| part.assets).sum()
    }

    /// Shares and wei that a controller can take now, in one call.
    pub(in crate::lockstep) fn takeable(&self, controller: Address) -> (u128, u128) {
        let parts = self.vault.parts.get(&controller).into_iter().flatten();
        let mut unopened = 0;
        let filled = parts.map_while(|part| {
            unopened += usize::from(part.assets.is_none());
            let assets = part.assets.or_else(|| self.filled_with(part.id))?;
            (unopened <= MOST_OPENED).then_some((part.shares, assets))
        });
        filled.fold((0, 0), |(shares, assets), part| {
            (shares + part.0, assets + part.1)
        })
    }

    /// Requests of a controller that are not taken in whole.
    pub(in crate::lockstep) fn left_in_vault(&self, controller: Address) -> usize {
        self.vault.parts.get(&controller).map_or(0, VecDeque::len)
    }

    /// Shares of a request that wait, and that can be taken.
    pub(super) fn vault_request(&self, id: U256, controller: Address) -> (u128, u128) {
        let mut parts = self.vault.parts.get(&controller).into_iter().flatten();
        match parts.find(|part| part.id == id) {
            None => (0, 0),
            Some(part) if part.assets.is_some() || self.filled_with(id).is_some() => {
                (0, part.shares)
            }
            Some(part) => (part.shares, 0),
        }
    }

    /// Wei that can be deposited now, and shares that can be minted.
    pub(super) fn vault_room(&self) -> (u128, u128) {
        let assets = self.stake_limit().min(word(MOST)).to();
        let (bought, room) = (self.shares_down(assets), MOST - self.wrapped.supply.now());
        let (assets, shares) = match bought <= room {
            true => (assets, bought),
            false => (self.worth(room), room),
        };
        let cost = up(shares, self.assets(), self.total_shares);
        let or_nothing = |amount, enough| if enough { amount } else { 0 };
        (
            or_nothing(assets, assets >= MINIMUM),
            or_nothing(shares, assets >= MINIMUM && cost >= MINIMUM),
        )
    }

    pub(super) fn stake_through_vault(
        &mut self,
        sender: Address,
        receiver: Address,
        assets: U256,
        minimum: U256,
    ) -> Result<U256, Refusal> {
        let vault = self.at.vault;
        let shares = self.wrap_ether(vault, receiver, Address::ZERO, assets, minimum)?;
        let deposited = Vault::Deposit {
            sender,
            owner: receiver,
            assets,
            shares,
        };
        self.log(vault, &deposited);
        Ok(shares)
    }

    /// Returns what the shares cost; the rest of `value` goes back.
    pub(super) fn mint_through_vault(
        &mut self,
        sender: Address,
        receiver: Address,
        value: U256,
        shares: U256,
    ) -> Result<U256, Refusal> {
        let needed = word(up(narrow(shares)?, self.assets(), self.total_shares));
        if value < needed {
            return refuse(&Vault::ValueTooSmall { value, needed });
        }
        self.stake_through_vault(sender, receiver, needed, shares)?;
        Ok(needed)
    }

    pub(super) fn request_through_vault(
        &mut self,
        sender: Address,
        shares: U256,
        controller: Address,
        owner: Address,
    ) -> Result<Vec<u8>, Refusal> {
        let vault = self.at.vault;
        if controller.is_zero() || controller == vault {
            return refuse(&Vault::InvalidController { controller });
        }
        self.check_operator(sender, owner)?;
        self.redeem(vault, shares, vault, owner)?;
        self.request_shares(vault, shares, vault, U256::ZERO)?;
        let id = U256::from(self.requests.len());
        let part = Part {
            id,
            shares: narrow(shares)?,
            assets: None,
        };
        let books = &mut self.vault;
        books.parts.entry(controller).or_default().push_back(part);
        books.made.entry(controller).or_default().push(id);
        let requested = Vault::RedeemRequest {
            controller,
            owner,
            requestId: id,
            sender,
            shares,
        };
        self.log(vault, &requested);
        Ok(Vault::requestRedeemCall::abi_encode_returns(&id))
    }

    /// Pays what was filled, oldest first; returns the shares and the wei that were taken.
    pub(super) fn take_from_vault(
        &mut self,
        sender: Address,
        (wanted, unit): (U256, Unit),
        receiver: Address,
        controller: Address,
    ) -> Result<(u128, u128), Refusal> {
        self.check_operator(sender, controller)?;
        if receiver.is_zero() {
            return refuse(&Vault::ZeroAddress {});
        }
        if [self.at.pool, self.at.wrapped].contains(&receiver) {
            let assets = U256::ZERO;
            return refuse(&Vault::TransferFailed { receiver, assets });
        }
        let mut missing = narrow(wanted)?;
        let takeable = self.takeable(controller);
        let available = unit.of(takeable);
        if missing > available {
            return refuse(&Vault::AboveClaimable {
                controller,
                wanted,
                available: word(available),
            });
        }
        let mut taken = (0, 0);
        while missing != 0 {
            let (shares, assets) = self.take_of_oldest(controller, missing, unit)?;
            missing -= unit.of((shares, assets));
            taken = (taken.0 + shares, taken.1 + assets);
        }
        let withdrawn = Vault::Withdraw {
            sender,
            receiver,
            owner: controller,
            assets: word(taken.1),
            shares: word(taken.0),
        };
        self.log(self.at.vault, &withdrawn);
        self.send(receiver, word(taken.1))?;
        Ok(taken)
    }

    /// Takes `most` of the oldest part at most, and what cannot be divided with it.
    fn take_of_oldest(
        &mut self,
        controller: Address,
        most: u128,
        unit: Unit,
    ) -> Result<(u128, u128), Refusal> {
        let mut parts = self.vault.parts.remove(&controller).unwrap_or_default();
        let Some(oldest) = parts.front_mut() else {
            unreachable!("so much is there to be taken");
        };
        let assets = match oldest.assets {
            Some(assets) => assets,
            None => self.claim_for_vault(oldest.id)?,
        };
        let whole = (oldest.shares, assets);
        let taken = match unit {
            _ if most >= unit.of(whole) => whole,
            Unit::Shares => (most, down(assets, most, oldest.shares)),
            Unit::Assets => (down(oldest.shares, most, assets), most),
        };
        oldest.shares -= taken.0;
        oldest.assets = Some(assets - taken.1);
        if taken == whole {
            parts.pop_front();
        }
        self.vault.parts.insert(controller, parts);
        Ok(taken)
    }

    fn claim_for_vault(&mut self, id: U256) -> Result<u128, Refusal> {
        let index = self.open(id)?;
        let assets = self.requests[index].filled;
        self.vault.claiming = true;
        self.pay(index, self.at.vault)?;
        self.vault.claiming = false;
        Ok(assets)
    }

    pub(super) fn set_vault_operator(
        &mut self,
        controller: Address,
        operator: Address,
        approved: bool,
    ) -> Vec<u8> {
        if approved {
            self.vault.operators.insert((controller, operator));
        } else {
            self.vault.operators.remove(&(controller, operator));
        }
        let set = Vault::OperatorSet {
            controller,
            operator,
            approved,
        };
        self.log(self.at.vault, &set);
        Vault::setOperatorCall::abi_encode_returns(&true)
    }

    fn check_operator(&self, caller: Address, account: Address) -> Result<(), Refusal> {
        if caller == account || self.vault.operators.contains(&(account, caller)) {
            return Ok(());
        }
        refuse(&Vault::NotAnOperator { account, caller })
    }

    /// Wei that a request in the queue was filled with, if that is all of it.
    fn filled_with(&self, id: U256) -> Option<u128> {
        let request = &self.requests[id.to::<usize>() - 1];
        (request.shares == 0).then_some(request.filled)
    }
}

impl Unit {
    fn of(self, (shares, assets): (u128, u128)) -> u128 {
        match self {
            Self::Shares => shares,
            Self::Assets => assets,
        }
    }
}
