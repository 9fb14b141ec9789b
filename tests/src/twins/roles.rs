//! Roles of every contract beside OpenZeppelin's AccessControl with its enumerable extension.

use alloy::primitives::{Address, B256, FixedBytes, U256, keccak256};
use alloy::sol_types::SolCall;
use client::abi::IAdministration as Office;
use client::contract::Contract;
use client::protocol::Role;
use eyre::{Result, eyre};
use operations::dice::Dice;
use operations::roles::{Act, Operation, ROLES};

use super::ground::Ground;
use super::program::{self, Twin};
use super::side::{Side, Sides, Tally, is_recorded};
use super::{is_sweep, operations, seed, solidity};
use crate::world::World;

alloy::sol! {
    /// Of the twins alone.
    function begin(bytes32 role, address account) external;
}

struct Roles {
    ground: Ground,
    sides: Sides,
    roles: [B256; ROLES],
}

#[tokio::test]
async fn roles_of_every_contract_do_what_openzeppelins_do() -> Result<()> {
    for contract in Contract::ALL {
        let mut roles = Roles::begin(contract).await?;
        let mut dice = Dice::new(seed());
        let mut tally = Tally::default();
        for step in 0..operations() {
            let operation = Operation::draw(&mut dice);
            let taken = roles.step(&operation, &mut tally).await;
            let compared = taken.and_then(|()| roles.compare(&operation, step));
            compared.map_err(|error| eyre!("step {step}, {operation:?}: {error}"))?;
            if contract == Contract::StakingPool {
                roles.compare_record(&tally)?;
            }
        }
        tally.conclude(&format!("roles of {contract}"), &roles.sides)?;
    }
    Ok(())
}

impl Roles {
    /// The first person is who holds every role.
    async fn begin(contract: Contract) -> Result<Self> {
        let mut ground = Ground::on(World::fresh().await?);
        ground.people[0] = ground.world.admin.0;
        let ours = Side {
            name: "ours",
            contracts: vec![ground.world.protocol.address(contract)],
            domain: "",
            lenient: false,
        };
        let mut twins = vec![program::side(&ground, Twin::Roles).await?];
        twins.extend(solidity::roles(&ground).await?);
        // The last is a role of nobody.
        let roles = [
            Role::Admin.id(),
            Role::Pauser.id(),
            Role::Limiter.id(),
            keccak256("TWIN_ROLE"),
        ];
        for role in roles {
            let holders = Office::getRoleMembersCall { role };
            for account in ground.read(ours.address(), &holders)? {
                for twin in &twins {
                    let begin = beginCall { role, account };
                    ground.done(ground.clerk, twin.address(), &begin).await?;
                }
            }
        }
        let tolerance = U256::ZERO;
        Ok(Self {
            ground,
            sides: Sides {
                ours,
                twins,
                tolerance,
            },
            roles,
        })
    }

    fn role(&self, number: usize) -> B256 {
        self.roles.get(number).copied().unwrap_or_default()
    }

    async fn step(&mut self, operation: &Operation, tally: &mut Tally) -> Result<()> {
        let from = self.ground.person(operation.from);
        let call = match operation.act {
            Act::Grant(role, account) => {
                let (role, account) = (self.role(role), self.ground.person(account));
                Office::grantRoleCall { role, account }.abi_encode()
            }
            Act::Revoke(role, account) => {
                let (role, account) = (self.role(role), self.ground.person(account));
                Office::revokeRoleCall { role, account }.abi_encode()
            }
            Act::Renounce(role, account) => {
                let call = Office::renounceRoleCall {
                    role: self.role(role),
                    callerConfirmation: self.ground.person(account),
                };
                call.abi_encode()
            }
        };
        let to = self.sides.ours.address();
        let ours = self.ground.send(from, to, &call).await?;
        tally.count(&ours);
        for twin in &self.sides.twins {
            let theirs = self.ground.send(from, twin.address(), &call).await?;
            self.sides.same(twin, &self.ground, &ours, &theirs)?;
        }
        Ok(())
    }

    /// Whether the first operations left what motsu leaves, where the first person begins with the three
    /// roles that it has in the pool.
    fn compare_record(&self, tally: &Tally) -> Result<()> {
        let Some(mut record) = tally.record() else {
            return Ok(());
        };
        for (number, account) in self.ground.people.into_iter().enumerate() {
            let mut held = Vec::new();
            for role in self.roles {
                let has = Office::hasRoleCall { role, account };
                held.push(u8::from(self.ground.read(self.sides.ours.address(), &has)?));
            }
            record.state("roles", number, format!("{held:?}"));
        }
        is_recorded(
            &record,
            include_str!("../../twins/operations/recorded/roles.txt"),
        )
    }

    /// The role, holders in the same order: who fills the place of one that leaves is the same here
    /// and there, although no standard asks for it.
    fn compare(&self, operation: &Operation, step: u64) -> Result<()> {
        let mut questions = Vec::new();
        let (Act::Grant(touched, _) | Act::Revoke(touched, _) | Act::Renounce(touched, _)) =
            operation.act;
        for (number, role) in self.roles.into_iter().enumerate() {
            if number != touched && !is_sweep(step) {
                continue;
            }
            questions.push(Office::getRoleAdminCall { role }.abi_encode());
            questions.push(Office::getRoleMemberCountCall { role }.abi_encode());
            questions.push(Office::getRoleMembersCall { role }.abi_encode());
            for account in self.ground.people.into_iter().chain([Address::ZERO]) {
                questions.push(Office::hasRoleCall { role, account }.abi_encode());
            }
            for index in 0..=self.ground.people.len() {
                let index = U256::from(index);
                questions.push(Office::getRoleMemberCall { role, index }.abi_encode());
            }
        }
        // ERC-165, AccessControlEnumerable, and what nothing supports. Not AccessControl: the Stylus one
        // counts a function to it that no other has, and so gives it another id.
        questions.extend([0x01ff_c9a7, 0x5a05_180f, 0xffff_ffff].map(supports));
        self.sides.same_views(&self.ground, 0, &questions)
    }
}

fn supports(interface: u32) -> Vec<u8> {
    let id = FixedBytes::from(interface.to_be_bytes());
    Office::supportsInterfaceCall { interfaceId: id }.abi_encode()
}
