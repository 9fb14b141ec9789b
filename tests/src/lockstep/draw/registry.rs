//! What validators do, and what is done to them.

use alloy::primitives::{Address, B256, U256, keccak256};
use client::abi::IValidatorRegistry as Registry;
use rand::Rng;
use rand::seq::IndexedRandom;

use super::{Draw, ETHER};
use crate::lockstep::model::{Evidence, Status, Validator};
use crate::lockstep::operation::Operation;

/// Every state is compared after every step, so there are not too many.
const MOST_VALIDATORS: usize = 9;

impl Draw<'_> {
    pub(super) fn registry(&mut self, from: Address) -> Operation {
        let registry = self.model.at.registry;
        let count = u32::try_from(self.model.validators.len()).expect("a handful");
        let id = self.rng.random_range(0..=count);
        match self.rng.random_range(0..40) {
            0..3 if count < MOST_VALIDATORS as u32 => self.registration(from),
            3..15 => self.bond_call(from, id),
            15..19 => self.keys_call(from, id),
            19..23 => self.curation(from, id),
            23..33 => self.court(from, id),
            33 => self.hook(from),
            34 => {
                let receiver = self.payee(from);
                let reporter = self.officer(from);
                let claim = Registry::claimReporterRewardCall { receiver };
                Operation::call(reporter, registry, &claim)
            }
            35 => {
                let max_entries = self.count();
                let release = Registry::releaseMaturedCall {
                    maxEntries: max_entries,
                };
                Operation::call(from, registry, &release)
            }
            36 => Operation::paid(from, registry, self.ether(1), &Registry::fundCoverCall {}),
            _ => Operation::paid(
                from,
                registry,
                self.ether(1),
                &Registry::topUpBondCall { id },
            ),
        }
    }

    /// A validator of this kind if there is one, mostly.
    fn validator_that(&mut self, id: u32, kind: impl Fn(&Validator) -> bool) -> u32 {
        let kind = (1..)
            .zip(&self.model.validators)
            .filter(|(_, one)| kind(one));
        let kind: Vec<u32> = kind.map(|(number, _)| number).collect();
        if self.one_in(8) {
            return id;
        }
        kind.choose(self.rng).copied().unwrap_or(id)
    }

    fn of(&self, id: u32) -> Option<&Validator> {
        self.model.validators.get((id as usize).wrapping_sub(1))
    }

    fn operator(&mut self, from: Address, id: u32) -> Address {
        if self.one_in(12) {
            return from;
        }
        self.of(id).map_or(from, |one| one.operator)
    }

    fn registration(&mut self, from: Address) -> Operation {
        let name = match self.rng.random_range(0..24) {
            0 => String::new(),
            1 => "tab\t".to_owned(),
            2 => "n".repeat(65),
            length => "n".repeat(length),
        };
        let register = Registry::registerCall {
            name,
            signer: self.signer(),
            rewardAddress: if self.one_in(12) { Address::ZERO } else { from },
            commissionBps: self.rng.random_range(0..10_200),
        };
        let least = self.model.terms.minimum_bond;
        let bond = self.rng.random_range(least / 10 * 9..4 * least);
        Operation::paid(from, self.model.at.registry, bond, &register)
    }

    /// A new key mostly, or one that serves already.
    fn signer(&mut self) -> Address {
        match self.rng.random_range(0..12) {
            0 => Address::ZERO,
            1 => self
                .model
                .signers
                .keys()
                .next()
                .copied()
                .unwrap_or_default(),
            _ => Address::from(self.rng.random::<[u8; 20]>()),
        }
    }

    /// Somebody tries to make a validator leave: one whose bond is too small, mostly.
    pub(super) fn expulsion(&mut self, from: Address) -> Operation {
        let least = self.model.terms.minimum_bond;
        let id = self.validator_that(1, |one| one.status == Status::Jailed && one.bond < least);
        Operation::call(from, self.model.at.registry, &Registry::exitCall { id })
    }

    fn bond_call(&mut self, from: Address, id: u32) -> Operation {
        let registry = self.model.at.registry;
        match self.rng.random_range(0..24) {
            0..4 => {
                let id = self.validator_that(id, |one| one.status == Status::Pending);
                let operator = self.operator(from, id);
                Operation::call(operator, registry, &Registry::activateCall { id })
            }
            4..9 => {
                let now = self.model.now;
                let id = self.validator_that(id, |one| {
                    one.status == Status::Jailed && one.jailed_until <= now
                });
                let operator = self.operator(from, id);
                Operation::call(operator, registry, &Registry::unjailCall { id })
            }
            9..14 => {
                let bond = self.of(id).map_or(1, |one| one.bond);
                let part = bond / self.rng.random_range(1..20);
                let assets = self.amount(part);
                let ask = Registry::requestBondExitCall { id, assets };
                let operator = self.operator(from, id);
                Operation::call(operator, registry, &ask)
            }
            14 => {
                let id = self.validator_that(id, Validator::wants_bond);
                let operator = self.operator(from, id);
                Operation::call(operator, registry, &Registry::cancelBondExitCall { id })
            }
            15..19 => {
                let id = self.validator_that(id, Validator::wants_bond);
                let operator = self.operator(from, id);
                Operation::call(operator, registry, &Registry::claimBondCall { id })
            }
            19 => {
                let operator = self.operator(from, id);
                Operation::call(operator, registry, &Registry::exitCall { id })
            }
            _ => {
                let id = self.validator_that(id, |one| one.status == Status::Exiting);
                let operator = self.operator(from, id);
                Operation::call(operator, registry, &Registry::withdrawBondCall { id })
            }
        }
    }

    fn keys_call(&mut self, from: Address, id: u32) -> Operation {
        let (registry, operator) = (self.model.at.registry, self.operator(from, id));
        match self.rng.random_range(0..4) {
            0 => {
                let signer = self.signer();
                let rotate = Registry::rotateSignerCall { id, signer };
                Operation::call(operator, registry, &rotate)
            }
            1 => {
                let change = Registry::setRewardAddressCall {
                    id,
                    rewardAddress: self.payee(from),
                };
                Operation::call(operator, registry, &change)
            }
            _ => {
                let now = self.of(id).map_or(0, |one| one.commission.next);
                let commission_bps = match self.rng.random_range(0..4) {
                    0 => self.rng.random_range(0..11_000),
                    1 => now.saturating_add(500),
                    _ => self.rng.random_range(0..=now.saturating_add(600)),
                };
                let announce = Registry::announceCommissionCall {
                    id,
                    commissionBps: commission_bps,
                };
                Operation::call(operator, registry, &announce)
            }
        }
    }

    fn curation(&mut self, from: Address, id: u32) -> Operation {
        let (registry, curator) = (self.model.at.registry, self.officer(from));
        let target = match self.rng.random_range(0..3) {
            0 => U256::MAX,
            _ => U256::from(self.rng.random_range(0..40 * ETHER)),
        };
        match self.rng.random_range(0..4) {
            0 | 1 => Operation::call(curator, registry, &Registry::vetCall { id, target }),
            2 => Operation::call(curator, registry, &Registry::unvetCall { id }),
            _ => Operation::call(
                curator,
                registry,
                &Registry::setTargetLimitCall { id, target },
            ),
        }
    }

    fn court(&mut self, from: Address, id: u32) -> Operation {
        let (registry, officer) = (self.model.at.registry, self.officer(from));
        let evidence = self.evidence();
        match self.rng.random_range(0..20) {
            0..3 => {
                let until = self.model.now + self.rng.random_range(0..32 * 86_400);
                Operation::call(officer, registry, &Registry::jailCall { id, until })
            }
            3..8 => {
                let open = Registry::openFaultCall {
                    id,
                    evidenceHash: evidence,
                };
                Operation::call(officer, registry, &open)
            }
            8..11 => {
                let (id, evidence) = self.allegation().unwrap_or((id, evidence));
                let dismiss = Registry::dismissFaultCall {
                    id,
                    evidenceHash: evidence,
                };
                Operation::call(officer, registry, &dismiss)
            }
            11 => {
                let (_, evidence) = self.allegation().unwrap_or((id, evidence));
                let lapse = Registry::lapseFaultCall {
                    evidenceHash: evidence,
                };
                Operation::call(from, registry, &lapse)
            }
            12..14 => {
                let bond = self.of(id).map_or(1, |one| one.bond);
                let absence = Registry::slashBondCall {
                    id,
                    penalty: self.amount(bond / 20),
                    until: self.model.now + self.rng.random_range(0..32 * 86_400),
                    evidenceHash: evidence,
                };
                Operation::call(officer, registry, &absence)
            }
            _ => {
                let alleged = if self.one_in(3) {
                    self.allegation()
                } else {
                    None
                };
                let (id, evidence) = alleged.unwrap_or((id, evidence));
                let exposure = self.of(id);
                let exposure = exposure.map_or(1, |one| one.bond + one.delegated + one.unbonding);
                let part = *[1, 20, 200, 1_000].choose(self.rng).unwrap_or(&1);
                let slash = Registry::slashCall {
                    id,
                    penalty: U256::from(exposure / part + u128::from(self.one_in(10))),
                    evidenceHash: evidence,
                };
                Operation::call(officer, registry, &slash)
            }
        }
    }

    /// Who is told of slashes: strangers mostly, who cannot all be.
    fn hook(&mut self, from: Address) -> Operation {
        let (at, officer) = (self.model.at, self.officer(from));
        let known = self.model.hooks.choose(self.rng).copied();
        let hook = match self.rng.random_range(0..12) {
            0 => from,
            1 => at.queue,
            2 => at.wrapped,
            3..6 => known.unwrap_or(at.pool),
            _ => self.neighbour(),
        };
        if self.one_in(3) {
            let hook = known.filter(|_| !self.one_in(6)).unwrap_or(hook);
            return Operation::call(
                officer,
                at.registry,
                &Registry::removeSlashingHookCall { hook },
            );
        }
        Operation::call(
            officer,
            at.registry,
            &Registry::addSlashingHookCall { hook },
        )
    }

    /// Who is to be paid.
    fn payee(&mut self, somebody: Address) -> Address {
        match self.rng.random_range(0..12) {
            0 | 1 => Address::ZERO,
            2..5 => self.neighbour(),
            _ => somebody,
        }
    }

    /// Evidence that is alleged, and against whom.
    fn allegation(&mut self) -> Option<(u32, B256)> {
        let alleged = self.model.evidence.iter();
        let alleged = alleged.filter_map(|(hash, evidence)| match evidence {
            Evidence::Alleged { against, .. } | Evidence::Lapsed { against } => {
                Some((*against, *hash))
            }
            Evidence::Used => None,
        });
        alleged.collect::<Vec<_>>().choose(self.rng).copied()
    }

    /// New evidence mostly, or some that is known.
    fn evidence(&mut self) -> B256 {
        if self.one_in(20) {
            return B256::ZERO;
        }
        let known = self.model.evidence.len();
        if known != 0 && self.one_in(3) {
            let place = self.rng.random_range(0..known);
            let evidence = self.model.evidence.keys().nth(place);
            return evidence.copied().unwrap_or_default();
        }
        keccak256(self.rng.random::<u64>().to_be_bytes())
    }
}
