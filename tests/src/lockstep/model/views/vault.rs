//! What can be asked of the ETH vault.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolValue;
use client::abi::IEtherVault as Vault;

use super::{View, view};
use crate::lockstep::model::{Model, word};

/// The newest requests of a controller tell enough of those that wait.
const LOOKED_AT: usize = 3;

impl Model {
    pub(super) fn vault_views(&self, people: &[Address]) -> Vec<View> {
        let vault = self.at.vault;
        let (assets, shares) = self.vault_room();
        let nobody = Address::ZERO;
        let reserves = (word(self.vault_owes()), word(self.surplus(vault)));
        let mut views = vec![
            view(vault, &Vault::reservesCall {}, reserves.abi_encode_params()),
            view(
                vault,
                &Vault::maxDepositCall { receiver: nobody },
                word(assets).abi_encode(),
            ),
            view(
                vault,
                &Vault::maxMintCall { receiver: nobody },
                word(shares).abi_encode(),
            ),
        ];
        for controller in self.controllers() {
            views.extend(self.controller_views(controller));
        }
        for &controller in people {
            let operators = self.vault.operators.iter();
            let operators = operators.filter(|(of, _)| *of == controller);
            views.extend(operators.map(|&(_, operator)| {
                let call = Vault::isOperatorCall {
                    controller,
                    operator,
                };
                view(vault, &call, true.abi_encode())
            }));
        }
        views
    }

    fn controller_views(&self, controller: Address) -> Vec<View> {
        let vault = self.at.vault;
        let (shares, assets) = self.takeable(controller);
        let made = self.vault.made.get(&controller).cloned();
        let made = made.unwrap_or_default();
        let all = Vault::redeemRequestsCall {
            controller,
            first: U256::ZERO,
            count: U256::MAX,
        };
        let mut views = vec![
            view(
                vault,
                &Vault::maxRedeemCall { controller },
                word(shares).abi_encode(),
            ),
            view(
                vault,
                &Vault::maxWithdrawCall { controller },
                word(assets).abi_encode(),
            ),
            view(vault, &all, made.abi_encode()),
        ];
        for &id in made.iter().rev().take(LOOKED_AT) {
            let (pending, claimable) = self.vault_request(id, controller);
            let call = Vault::pendingRedeemRequestCall {
                requestId: id,
                controller,
            };
            views.push(view(vault, &call, word(pending).abi_encode()));
            let call = Vault::claimableRedeemRequestCall {
                requestId: id,
                controller,
            };
            views.push(view(vault, &call, word(claimable).abi_encode()));
        }
        views
    }
}
