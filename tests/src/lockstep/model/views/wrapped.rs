//! What can be asked of wlsETH.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolValue;
use client::abi::IWrappedToken as Wrapped;

use super::{View, view};
use crate::lockstep::model::{DAY, Model, Token, word};

impl Model {
    pub(super) fn wrapped_views(&self, people: &[Address]) -> Vec<View> {
        let token = self.at.wrapped;
        let supply = &self.wrapped.supply;
        let mintable = self.mintable();
        let nobody = Address::ZERO;
        let worth = |shares| word(self.worth(shares)).abi_encode();
        let mut views = vec![
            view(
                token,
                &Wrapped::totalSupplyCall {},
                word(supply.now()).abi_encode(),
            ),
            view(token, &Wrapped::totalAssetsCall {}, worth(supply.now())),
            view(
                token,
                &Wrapped::maxMintCall { receiver: nobody },
                word(mintable).abi_encode(),
            ),
            view(
                token,
                &Wrapped::maxDepositCall { receiver: nobody },
                worth(mintable),
            ),
            view(
                token,
                &Wrapped::latestRoundDataCall {},
                self.feed().abi_encode_params(),
            ),
            view(
                token,
                &Wrapped::getPastTotalSupplyCall {
                    timepoint: U256::from(self.now - 1),
                },
                word(supply.at(self.now - 1)).abi_encode(),
            ),
        ];
        for account in people {
            views.extend(self.wrapped_account(*account));
        }
        for ((owner, spender), allowance) in &self.wrapped.allowances {
            let call = Wrapped::allowanceCall {
                owner: *owner,
                spender: *spender,
            };
            views.push(view(token, &call, allowance.abi_encode()));
        }
        views
    }

    fn wrapped_account(&self, account: Address) -> Vec<View> {
        let token = self.at.wrapped;
        let held = self.wrapped_of(account);
        let mut views = vec![
            view(
                token,
                &Wrapped::balanceOfCall { account },
                word(held).abi_encode(),
            ),
            view(
                token,
                &Wrapped::maxRedeemCall { owner: account },
                word(self.redeemable(account)).abi_encode(),
            ),
            view(
                token,
                &Wrapped::maxWithdrawCall { owner: account },
                word(self.worth(self.redeemable(account))).abi_encode(),
            ),
            view(
                token,
                &Wrapped::delegatesCall { account },
                self.delegate_of(account).abi_encode(),
            ),
            view(
                token,
                &Wrapped::noncesCall { owner: account },
                self.nonce(Token::Wrapped, account).abi_encode(),
            ),
        ];
        let Some(history) = self.wrapped.votes.get(&account) else {
            return views;
        };
        let now = word(history.now()).abi_encode();
        views.push(view(token, &Wrapped::getVotesCall { account }, now));
        let count = U256::from(history.0.len()).abi_encode();
        views.push(view(token, &Wrapped::numCheckpointsCall { account }, count));
        for moment in [self.now - 1, self.now - DAY] {
            let call = Wrapped::getPastVotesCall {
                account,
                timepoint: U256::from(moment),
            };
            views.push(view(token, &call, word(history.at(moment)).abi_encode()));
        }
        views
    }
}
