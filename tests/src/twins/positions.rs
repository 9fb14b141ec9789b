//! The queue's positions beside other ERC-721 tokens.
//!
//! A position begins with a request and ends with a cancellation; the twins mint and burn. Ours has no
//! use for positions of the pool and of the queue itself and refuses to send them there; no operation
//! does so.

use alloy::primitives::{Address, Bytes, FixedBytes, U256};
use alloy::sol_types::SolCall;
use client::abi::IWithdrawalQueue as Queue;
use client::artifact::init_code;
use eyre::{Result, eyre};
use operations::Party;
use operations::dice::Dice;
use operations::positions::{Act, Operation, Somebody};

use super::ground::Ground;
use super::program::{self, Twin};
use super::side::{Side, Sides, Tally, is_recorded};
use super::{is_sweep, operations, seed, solidity};
use crate::world::{Person, World, ether, milliether};

alloy::sol! {
    /// Of the twins alone.
    function mint(address to, uint256 tokenId) external;
    function burn(uint256 tokenId) external;
}

/// Takes tokens and logs how it was asked:
/// `CALLDATACOPY(0, 0, size) · LOG0(0, size) · MSTORE(0, 150b7a02 << 224) · RETURN(0, 32)`.
const TAKES: &[u8] = &alloy::hex!("365f5f37365fa063150b7a0260e01b5f5260205ff3");
/// `REVERT(0, 0)`.
const REFUSES: &[u8] = &alloy::hex!("5f5ffd");
/// `STOP`.
const SAYS_NOTHING: &[u8] = &alloy::hex!("00");
/// Answers something else: `MSTORE(0, deadbeef << 224) · RETURN(0, 32)`.
const SAYS_ELSE: &[u8] = &alloy::hex!("63deadbeef60e01b5f5260205ff3");

/// How many of the youngest tokens are looked at now and then: operations reach no older ones.
const YOUNG: u64 = 14;

struct Positions {
    ground: Ground,
    sides: Sides,
    minted: u64,
}

#[tokio::test]
async fn positions_do_what_other_tokens_do() -> Result<()> {
    let mut positions = Positions::begin().await?;
    let contracts = positions.ground.contracts.len();
    let mut dice = Dice::new(seed());
    let mut tally = Tally::default();
    for step in 0..operations() {
        let operation = Operation::draw(&mut dice, positions.minted, contracts);
        let taken = positions.step(&operation, &mut tally).await;
        let compared = taken.and_then(|()| positions.compare(&operation, step));
        compared.map_err(|error| eyre!("step {step}, {operation:?}: {error}"))?;
        positions.compare_record(&tally)?;
    }
    tally.conclude("positions", &positions.sides)
}

impl Positions {
    async fn begin() -> Result<Self> {
        let mut ground = Ground::on(World::fresh().await?);
        let (pool, queue) = {
            let protocol = &ground.world.protocol;
            (*protocol.pool.address(), *protocol.queue.address())
        };
        for person in ground.people {
            ground.world.deposit(Person(person), ether(500)).await?;
            let approve = client::abi::IStakingPool::approveCall {
                spender: queue,
                amount: U256::MAX,
            };
            ground.done(person, pool, &approve).await?;
        }
        for code in [TAKES, REFUSES, SAYS_NOTHING, SAYS_ELSE] {
            let contract = ground.create(init_code(code)).await?;
            ground.contracts.push(contract);
        }
        let ours = Side {
            name: "the queue",
            contracts: vec![queue],
            domain: "",
            lenient: false,
        };
        let mut twins = vec![program::side(&ground, Twin::Positions).await?];
        twins.extend(solidity::positions(&ground).await?);
        let tolerance = U256::ZERO;
        Ok(Self {
            ground,
            sides: Sides {
                ours,
                twins,
                tolerance,
            },
            minted: 0,
        })
    }

    async fn step(&mut self, operation: &Operation, tally: &mut Tally) -> Result<()> {
        let token = operation.act.token().unwrap_or_default();
        let from = self.somebody(operation.from, token);
        let ours = self.sides.ours.address();
        let (call, twins_call) = match operation.act {
            Act::Mint => {
                let request = Queue::requestWithdrawalsCall {
                    amounts: vec![milliether(10)],
                    owner: from,
                };
                let mint = mintCall {
                    to: from,
                    tokenId: U256::from(self.minted + 1),
                };
                (request.abi_encode(), mint.abi_encode())
            }
            Act::Burn(_) => {
                let id = U256::from(token);
                let cancel = Queue::cancelCall { requestId: id };
                (cancel.abi_encode(), burnCall { tokenId: id }.abi_encode())
            }
            act => {
                let call = self.calldata(act);
                (call.clone(), call)
            }
        };
        let mut answer = self.ground.send(from, ours, &call).await?;
        tally.count(&answer);
        if answer.accepted && twins_call != call {
            // Of ours alone: ids, shares and ETH.
            answer.data = Bytes::new();
        }
        for twin in &self.sides.twins {
            if twin.lenient && names_nobody(operation.act) {
                eyre::ensure!(!answer.accepted, "ours accepts what it is strict about");
                continue;
            }
            let to = twin.address();
            let theirs = self.ground.send(from, to, &twins_call).await?;
            self.sides.same(twin, &self.ground, &answer, &theirs)?;
        }
        if operation.act == Act::Mint && answer.accepted {
            self.minted += 1;
        }
        Ok(())
    }

    fn calldata(&self, act: Act) -> Vec<u8> {
        let party = |party| self.ground.party(party);
        match act {
            Act::Transfer(owner, to, token) => {
                let call = Queue::transferFromCall {
                    from: self.somebody(owner, token),
                    to: party(to),
                    tokenId: U256::from(token),
                };
                call.abi_encode()
            }
            Act::SafeTransfer(owner, to, token) => {
                let call = Queue::safeTransferFrom_0Call {
                    from: self.somebody(owner, token),
                    to: party(to),
                    tokenId: U256::from(token),
                };
                call.abi_encode()
            }
            Act::SafeTransferWith(owner, to, token, length) => {
                let call = Queue::safeTransferFrom_1Call {
                    from: self.somebody(owner, token),
                    to: party(to),
                    tokenId: U256::from(token),
                    data: vec![0x5a; length].into(),
                };
                call.abi_encode()
            }
            Act::Approve(to, token) => {
                let (to, id) = (party(to), U256::from(token));
                Queue::approveCall { to, tokenId: id }.abi_encode()
            }
            Act::ApproveAll(operator) => {
                let (operator, approved) = (party(operator), true);
                Queue::setApprovalForAllCall { operator, approved }.abi_encode()
            }
            Act::ApproveNone(operator) => {
                let (operator, approved) = (party(operator), false);
                Queue::setApprovalForAllCall { operator, approved }.abi_encode()
            }
            Act::Mint | Act::Burn(_) => Vec::new(),
        }
    }

    /// The owner of a token if that is a person, the first person otherwise.
    fn somebody(&self, somebody: Somebody, token: u64) -> Address {
        let people = self.ground.people;
        match somebody {
            Somebody::Person(number) => self.ground.person(number),
            Somebody::Owner => {
                let call = Queue::ownerOfCall {
                    tokenId: U256::from(token),
                };
                let owner = self.ground.read(self.sides.ours.address(), &call);
                let person = owner.ok().filter(|owner| people.contains(owner));
                person.unwrap_or_else(|| self.ground.person(0))
            }
        }
    }

    /// Whether the first operations left what motsu leaves.
    fn compare_record(&self, tally: &Tally) -> Result<()> {
        let Some(mut record) = tally.record() else {
            return Ok(());
        };
        let ours = self.sides.ours.address();
        let people = ("balance", &self.ground.people[..]);
        let contracts = ("contract", &self.ground.contracts[..]);
        for (what, owners) in [people, contracts] {
            for (number, owner) in owners.iter().enumerate() {
                let balance = Queue::balanceOfCall { owner: *owner };
                record.state(what, number, self.ground.read(ours, &balance)?);
            }
        }
        is_recorded(
            &record,
            include_str!("../../twins/operations/recorded/positions.txt"),
        )
    }

    fn compare(&self, operation: &Operation, step: u64) -> Result<()> {
        let mut questions = Vec::new();
        let everything = is_sweep(step);
        let mut holders = self.ground.people.to_vec();
        holders.extend(&self.ground.contracts);
        // Nobody has no balance that could be asked for.
        holders.push(Address::ZERO);
        for owner in &holders {
            let owner = *owner;
            questions.push(Queue::balanceOfCall { owner }.abi_encode());
            let touched = matches!(operation.act, Act::ApproveAll(_) | Act::ApproveNone(_));
            for operator in holders.iter().filter(|_| everything || touched) {
                let operator = *operator;
                questions.push(Queue::isApprovedForAllCall { owner, operator }.abi_encode());
            }
        }
        let touched = operation.act.token().unwrap_or(self.minted);
        let tokens = match everything {
            true => self.minted.saturating_sub(YOUNG)..=self.minted + 1,
            false => touched..=touched,
        };
        for token in tokens {
            let id = U256::from(token);
            questions.push(Queue::ownerOfCall { tokenId: id }.abi_encode());
            questions.push(Queue::getApprovedCall { tokenId: id }.abi_encode());
        }
        // ERC-165, ERC-721, and what nothing supports.
        for id in [0x01ff_c9a7_u32, 0x80ac_58cd, 0xffff_ffff] {
            let id = FixedBytes::from(id.to_be_bytes());
            questions.push(Queue::supportsInterfaceCall { interfaceId: id }.abi_encode());
        }
        self.sides.same_views(&self.ground, 0, &questions)
    }
}

/// EIP-721 does not say that nobody cannot be an operator.
fn names_nobody(act: Act) -> bool {
    matches!(
        act,
        Act::ApproveAll(Party::Nobody) | Act::ApproveNone(Party::Nobody)
    )
}
