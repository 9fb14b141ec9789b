//! Which rule answers which call.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use alloy::sol_types::SolInterface;
use client::abi::IAdministration::IAdministrationCalls as Office;
use client::abi::IEtherVault::{self, IEtherVaultCalls as Vault};
use client::abi::IStakingPool::{self, IStakingPoolCalls as Pool};
use client::abi::IValidatorRegistry::IValidatorRegistryCalls as Registry;
use client::abi::IWithdrawalQueue::IWithdrawalQueueCalls as Queue;
use client::abi::IWrappedToken::{self, IWrappedTokenCalls as Wrapped};

use super::permits::{Signed, Token};
use super::vault::Unit;
use super::{Model, Refusal, refuse, word};
use crate::lockstep::operation::Operation;

impl Model {
    /// What becomes of an operation.
    pub(in crate::lockstep) fn act(&mut self, operation: &Operation) -> Result<Vec<u8>, Refusal> {
        let (from, value, data) = (operation.from, operation.value, &operation.data);
        let at = self.at;
        match operation.to {
            to if to == at.pool && data.is_empty() => {
                let minted = self.deposit(from, from, Address::ZERO, value, U256::ZERO);
                minted.map(|_| Vec::new())
            }
            to if to == at.wrapped && data.is_empty() => {
                let minted = self.wrap_ether(from, from, Address::ZERO, value, U256::ZERO);
                minted.map(|_| Vec::new())
            }
            to if to == at.vault && data.is_empty() => {
                let expected = at.vault;
                refuse(&IEtherVault::CallerNotAllowed {
                    caller: from,
                    expected,
                })
            }
            to if to == at.vault => match Vault::abi_decode(data) {
                Ok(call) => self.at_vault(from, value, call),
                Err(error) => unreachable!("{}: {error}", operation.shown),
            },
            to if to == at.wrapped => match Wrapped::abi_decode(data) {
                Ok(call) => self.at_wrapped(from, value, call),
                Err(error) => unreachable!("{}: {error}", operation.shown),
            },
            to => {
                if let Ok(call) = Office::abi_decode(data) {
                    return self.at_office(from, to, call);
                }
                if to == at.pool
                    && let Ok(call) = Pool::abi_decode(data)
                {
                    return self.at_pool(from, value, call);
                }
                if to == at.queue
                    && let Ok(call) = Queue::abi_decode(data)
                {
                    return self.at_queue(from, call);
                }
                if to == at.registry
                    && let Ok(call) = Registry::abi_decode(data)
                {
                    return self.at_registry(from, value, call);
                }
                unreachable!("{} is never drawn", operation.shown)
            }
        }
    }

    fn at_office(
        &mut self,
        from: Address,
        contract: Address,
        call: Office,
    ) -> Result<Vec<u8>, Refusal> {
        match call {
            Office::pause(call) => self.pause(from, contract, call.group, call.duration),
            Office::unpause(call) => self.unpause(from, contract, call.group),
            _ => unreachable!("never drawn"),
        }
    }

    fn at_pool(&mut self, from: Address, value: U256, call: Pool) -> Result<Vec<u8>, Refusal> {
        match call {
            Pool::submit(call) => {
                let shares = self.deposit(from, from, call.referral, value, U256::ZERO)?;
                Ok(IStakingPool::submitCall::abi_encode_returns(&shares))
            }
            Pool::deposit(call) => {
                let shares =
                    self.deposit(from, call.receiver, call.referral, value, call.minShares)?;
                Ok(IStakingPool::depositCall::abi_encode_returns(&shares))
            }
            Pool::approve(call) => self.approve(from, call.spender, call.amount),
            Pool::increaseAllowance(call) => {
                let raised = self.allowance(from, call.spender);
                self.approve(from, call.spender, raised.saturating_add(call.addedValue))
            }
            Pool::decreaseAllowance(call) => {
                self.decrease_allowance(from, call.spender, call.subtractedValue)
            }
            Pool::permit_0(call) => {
                let signature = Signed::new(call.v, call.r, call.s).to_bytes();
                self.permit(
                    Token::Lseth,
                    call.owner,
                    call.spender,
                    call.value,
                    call.deadline,
                    &signature,
                )
            }
            Pool::permit_1(call) => self.permit(
                Token::Lseth,
                call.owner,
                call.spender,
                call.value,
                call.deadline,
                &call.signature,
            ),
            Pool::transfer(call) => self.transfer(from, call.to, call.amount),
            Pool::transferFrom(call) => self.transfer_from(from, call.from, call.to, call.amount),
            Pool::transferShares(call) => self.transfer_shares(from, call.to, call.shares),
            Pool::transferSharesFrom(call) => {
                self.transfer_shares_from(from, call.from, call.to, call.shares)
            }
            Pool::distribute(_) => self.distribute(from, value),
            Pool::recordRate(_) => Ok(self.record_rate()),
            Pool::announceFee(call) => self.announce_fee(from, call.feeBps),
            Pool::rebalance(call) => self.rebalance(call.maxOps),
            Pool::setStakingLimit(call) => {
                self.set_limit(from, call.maxStakeLimit.to(), call.refillSeconds)
            }
            Pool::removeStakingLimit(_) => self.remove_limit(from),
            Pool::pauseStaking(_) => self.pause_staking(from),
            Pool::resumeStaking(_) => self.resume_staking(from),
            Pool::setTargetBuffer(call) => self.set_target_buffer(from, call.assets.to()),
            _ => unreachable!("never drawn"),
        }
    }

    fn at_queue(&mut self, from: Address, call: Queue) -> Result<Vec<u8>, Refusal> {
        match call {
            Queue::requestWithdrawals(call) => self.request(from, &call.amounts, call.owner),
            Queue::requestWithdrawalsWithPermit(call) => {
                let permit = call.permit;
                let signature = Signed::new(permit.v, permit.r, permit.s).to_bytes();
                let (queue, deadline) = (self.at.queue, permit.deadline);
                // Whether it was good shows when the allowance is used.
                let _ = self.permit(
                    Token::Lseth,
                    from,
                    queue,
                    permit.value,
                    deadline,
                    &signature,
                );
                self.request(from, &call.amounts, call.owner)
            }
            Queue::requestWithdrawal(call) => {
                self.request_shares(from, call.shares, call.owner, call.minEth)
            }
            Queue::finalize(call) => self.finalize(call.maxRequests),
            Queue::claimWithdrawal(call) => self.claim(call.requestId),
            Queue::claimTo(call) => self.claim_to(from, call.requestId, call.receiver),
            Queue::cancel(call) => self.cancel(from, call.requestId),
            Queue::approve(call) => self.approve_position(from, call.to, call.tokenId),
            Queue::setApprovalForAll(call) => self.approve_all(from, call.operator, call.approved),
            Queue::transferFrom(call) => self.move_position(from, call.from, call.to, call.tokenId),
            Queue::safeTransferFrom_0(call) => {
                self.move_safely(from, call.from, call.to, call.tokenId, &[])
            }
            Queue::safeTransferFrom_1(call) => {
                self.move_safely(from, call.from, call.to, call.tokenId, &call.data)
            }
            Queue::withdrawInstantly(call) => {
                self.leave_at_once(from, call.shares, call.receiver, call.minEth)
            }
            Queue::setInstantLimit(call) => {
                self.set_instant_limit(from, call.maxAssets, call.refillSeconds)
            }
            Queue::suspendInstantLane(_) => self.suspend_lane(from),
            Queue::resumeInstantLane(_) => self.resume_lane(from),
            _ => unreachable!("never drawn"),
        }
    }

    fn at_registry(
        &mut self,
        from: Address,
        value: U256,
        call: Registry,
    ) -> Result<Vec<u8>, Refusal> {
        match call {
            Registry::register(call) => self.register(from, value, &call),
            Registry::activate(call) => self.activate(from, call.id),
            Registry::jail(call) => self.jail(from, call.id, call.until),
            Registry::unjail(call) => self.unjail(from, call.id),
            Registry::exit(call) => self.exit(from, call.id),
            Registry::withdrawBond(call) => self.withdraw_bond(call.id),
            Registry::topUpBond(call) => self.top_up(call.id, value),
            Registry::requestBondExit(call) => self.request_bond(from, call.id, call.assets),
            Registry::cancelBondExit(call) => self.keep_bond(from, call.id),
            Registry::claimBond(call) => self.claim_bond(from, call.id),
            Registry::announceCommission(call) => {
                self.announce_commission(from, call.id, call.commissionBps)
            }
            Registry::rotateSigner(call) => self.rotate_signer(from, call.id, call.signer),
            Registry::setRewardAddress(call) => {
                self.set_reward_address(from, call.id, call.rewardAddress)
            }
            Registry::vet(call) => self.vet(from, call.id, call.target),
            Registry::unvet(call) => self.unvet(from, call.id),
            Registry::setTargetLimit(call) => self.set_target(from, call.id, call.target),
            Registry::setTerms(call) => self.set_terms(from, &call),
            Registry::releaseMatured(call) => self.release_by_hand(call.maxEntries),
            Registry::slash(call) => self.slash(from, call.id, call.penalty, call.evidenceHash),
            Registry::slashBond(call) => self.slash_bond(from, &call),
            Registry::openFault(call) => self.open_fault(from, call.id, call.evidenceHash),
            Registry::dismissFault(call) => self.dismiss_fault(from, call.id, call.evidenceHash),
            Registry::lapseFault(call) => self.lapse_fault(call.evidenceHash),
            Registry::claimReporterReward(call) => self.claim_reward(from, call.receiver),
            Registry::addSlashingHook(call) => self.add_hook(from, call.hook),
            Registry::removeSlashingHook(call) => self.remove_hook(from, call.hook),
            Registry::fundCover(_) => self.fund_cover(from, value),
            _ => unreachable!("never drawn"),
        }
    }

    fn at_wrapped(
        &mut self,
        from: Address,
        value: U256,
        call: Wrapped,
    ) -> Result<Vec<u8>, Refusal> {
        match call {
            Wrapped::transfer(call) => self.move_wrapped(from, call.to, call.value),
            Wrapped::transferFrom(call) => {
                self.spend_wrapped(from, call.from, call.value)?;
                self.move_wrapped(call.from, call.to, call.value)
            }
            Wrapped::approve(call) => {
                self.approve_wrapped(from, call.spender, call.value)?;
                Ok(IWrappedToken::approveCall::abi_encode_returns(&true))
            }
            Wrapped::permit_0(call) => {
                let signature = Signed::new(call.v, call.r, call.s).to_bytes();
                self.permit(
                    Token::Wrapped,
                    call.owner,
                    call.spender,
                    call.value,
                    call.deadline,
                    &signature,
                )
            }
            Wrapped::permit_1(call) => self.permit(
                Token::Wrapped,
                call.owner,
                call.spender,
                call.value,
                call.deadline,
                &call.signature,
            ),
            Wrapped::wrap(call) => self.wrap(from, from, call.assets),
            Wrapped::deposit(call) => self.wrap(from, call.receiver, call.assets),
            Wrapped::mint(call) => self.mint_wrapped(from, call.receiver, call.shares),
            Wrapped::depositEth(call) => {
                let (receiver, least) = (call.receiver, call.minShares);
                let shares = self.wrap_ether(from, receiver, call.referral, value, least)?;
                Ok(IWrappedToken::depositEthCall::abi_encode_returns(&shares))
            }
            Wrapped::unwrap(call) => self.redeem(from, call.shares, from, from),
            Wrapped::redeem(call) => self.redeem(from, call.shares, call.receiver, call.owner),
            Wrapped::withdraw(call) => self.withdraw(from, call.assets, call.receiver, call.owner),
            Wrapped::delegate(call) => {
                self.delegate_votes(from, call.delegatee);
                Ok(Vec::new())
            }
            Wrapped::delegateBySig(call) => self.delegate_signed(&call),
            _ => unreachable!("never drawn"),
        }
    }

    fn at_vault(&mut self, from: Address, value: U256, call: Vault) -> Result<Vec<u8>, Refusal> {
        match call {
            Vault::deposit(call) => {
                let shares = self.stake_through_vault(from, call.receiver, value, U256::ZERO)?;
                Ok(IEtherVault::depositCall::abi_encode_returns(&shares))
            }
            Vault::mint(call) => {
                let assets = self.mint_through_vault(from, call.receiver, value, call.shares)?;
                Ok(IEtherVault::mintCall::abi_encode_returns(&assets))
            }
            Vault::requestRedeem(call) => {
                self.request_through_vault(from, call.shares, call.controller, call.owner)
            }
            Vault::redeem(call) => {
                let wanted = (call.shares, Unit::Shares);
                let (_, assets) =
                    self.take_from_vault(from, wanted, call.receiver, call.controller)?;
                Ok(IEtherVault::redeemCall::abi_encode_returns(&word(assets)))
            }
            Vault::withdraw(call) => {
                let wanted = (call.assets, Unit::Assets);
                let (shares, _) =
                    self.take_from_vault(from, wanted, call.receiver, call.controller)?;
                Ok(IEtherVault::withdrawCall::abi_encode_returns(&word(shares)))
            }
            Vault::setOperator(call) => {
                Ok(self.set_vault_operator(from, call.operator, call.approved))
            }
            _ => unreachable!("never drawn"),
        }
    }
}
