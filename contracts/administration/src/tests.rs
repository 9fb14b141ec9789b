//! The program on the storage of a contract that was begun, and on its own.

use abi::IAdministration::{self, IAdministrationCalls};
use alloy_primitives::{address, fixed_bytes};
use alloy_sol_types::{SolCall, SolError, SolEvent, SolInterface, SolValue};
use glue::{
    access::role,
    testing::{ADMIN, ALICE, BOB, Outcome, check_routes, host, refusal, routed},
};
use stylus_sdk::{abi::Router, testing::TestVM};

use super::*;

const UPGRADER: Address = address!("00000000000000000000000000000000000000a2");
const CAROL: Address = address!("00000000000000000000000000000000000000b3");
const PROGRAM: Address = address!("00000000000000000000000000000000000000c1");
const OTHER: Address = address!("00000000000000000000000000000000000000c2");
const KEEPER: B256 = role("KEEPER_ROLE");

struct World {
    vm: TestVM,
    program: AdministrationProgram,
}

impl World {
    /// The program on nobody's storage.
    fn bare() -> Self {
        let vm = host(&[PROGRAM, OTHER]);
        let program = AdministrationProgram::from(&vm);
        Self { vm, program }
    }

    /// A proxy's storage before its contract began.
    fn behind_a_proxy() -> Self {
        let mut world = Self::bare();
        let slot = |slot| U256::from_be_bytes(slot);
        world
            .vm
            .set_storage(slot(proxy::IMPLEMENTATION_SLOT), PROGRAM.into_word());
        world
            .vm
            .set_storage(slot(proxy::ADMIN_SLOT), UPGRADER.into_word());
        world.program = AdministrationProgram::from(&world.vm);
        world
    }

    /// A contract with two pause groups.
    fn new() -> Self {
        let mut world = Self::behind_a_proxy();
        assert_eq!(world.begin(), Ok(vec![]));
        world
    }

    fn begin(&mut self) -> Outcome {
        self.begin_with(ADMIN, PROGRAM, Address::ZERO)
    }

    fn begin_with(&mut self, admin: Address, program: Address, extension: Address) -> Outcome {
        let begin = IAdministration::beginCall {
            admin,
            administration: program,
            extension,
            groups: 2,
        };
        self.call(ADMIN, &begin)
    }

    fn call<C: SolCall>(&mut self, sender: Address, call: &C) -> Outcome {
        self.vm.set_sender(sender);
        let (selector, arguments) = routed(call);
        AdministrationProgram::route(&mut self.program, selector, &arguments)
            .expect("the interface is routed")
    }

    fn grant(&mut self, account: Address) -> Outcome {
        let role = KEEPER;
        self.call(ADMIN, &IAdministration::grantRoleCall { role, account })
    }

    fn keepers(&mut self) -> Vec<Address> {
        let members = self.call(BOB, &IAdministration::getRoleMembersCall { role: KEEPER });
        Vec::abi_decode_validate(&members.expect("a view")).expect("a list")
    }

    fn logs(&self) -> usize {
        self.vm.get_emitted_logs().len()
    }

    fn last<E: SolEvent>(&self) -> E {
        let logs = self.vm.get_emitted_logs();
        let (topics, data) = logs.last().expect("an event was emitted");
        E::decode_raw_log(topics.iter().copied(), data).expect("it is this event")
    }
}

fn missing(account: Address, role: B256) -> Outcome {
    refusal(IAdministration::AccessControlUnauthorizedAccount {
        account,
        neededRole: role,
    })
}

#[test]
fn every_call_of_the_interface_is_routed_and_no_other() {
    let mut world = World::new();
    check_routes::<IAdministrationCalls, _>(|selector, input| {
        [AdministrationProgram::route(&mut world.program, selector, input).is_some()]
    });
    assert!(AdministrationProgram::fallback(&mut world.program, &[]).is_none());
    assert!(AdministrationProgram::receive(&mut world.program).is_none());
}

#[test]
fn no_call_of_a_contract_that_began_takes_ether() {
    let mut world = World::new();
    world.vm.set_value(U256::ONE);
    let begin = IAdministration::beginCall::SELECTOR;
    for selector in IAdministrationCalls::selectors().filter(|one| *one != begin) {
        let selector = u32::from_be_bytes(selector);
        let answer = AdministrationProgram::route(&mut world.program, selector, &[0; 64]);
        assert!(answer.is_none(), "{selector:08x}");
    }
    let again = world.begin();
    assert_eq!(again, refusal(IAdministration::AlreadyInitialized {}));
}

#[test]
fn a_contract_begins_once_and_only_behind_a_proxy() {
    let mut world = World::bare();
    assert_eq!(world.begin(), refusal(IAdministration::NotBehindProxy {}));
    let mut world = World::new();
    let again = world.begin_with(ALICE, OTHER, OTHER);
    assert_eq!(again, refusal(IAdministration::AlreadyInitialized {}));
    assert_eq!(world.logs(), 1);
}

#[test]
fn a_contract_needs_an_admin_and_programs_with_code() {
    let mut world = World::behind_a_proxy();
    assert_eq!(
        world.begin_with(Address::ZERO, PROGRAM, Address::ZERO),
        refusal(IAdministration::ZeroAddress {})
    );
    for (program, extension) in [(ALICE, OTHER), (OTHER, ALICE)] {
        assert_eq!(
            world.begin_with(ADMIN, program, extension),
            refusal(IAdministration::NotAContract { target: ALICE })
        );
    }
}

/// The contract's own part: it looks before it lets a program run that its caller names.
#[test]
fn a_contract_that_began_hands_over_to_no_other_program() {
    let mut world = World::new();
    let administration = &mut world.program.administration;
    let again = administration.begin(ALICE, OTHER, OTHER, 2);
    let refused = IAdministration::AlreadyInitialized {}.abi_encode();
    assert_eq!(again.map_err(Vec::from), Err(refused));
    let mut world = World::bare();
    let administration = &mut world.program.administration;
    let bare = administration.begin(ALICE, OTHER, OTHER, 2);
    let refused = IAdministration::NotBehindProxy {}.abi_encode();
    assert_eq!(bare.map_err(Vec::from), Err(refused));
    let mut world = World::behind_a_proxy();
    let administration = &mut world.program.administration;
    let nothing = administration.begin(ALICE, BOB, OTHER, 2);
    let refused = IAdministration::NotAContract { target: BOB }.abi_encode();
    assert_eq!(nothing.map_err(Vec::from), Err(refused));
}

#[test]
fn a_role_is_given_once_and_told_once() {
    let mut world = World::new();
    assert_eq!(world.grant(ALICE), Ok(vec![]));
    assert_eq!(
        world.last::<IAdministration::RoleGranted>(),
        IAdministration::RoleGranted {
            role: KEEPER,
            account: ALICE,
            sender: ADMIN,
        }
    );
    let told = world.logs();
    assert_eq!(world.grant(ALICE), Ok(vec![]));
    assert_eq!(world.logs(), told);
    assert_eq!(world.keepers(), [ALICE]);
    let role = KEEPER;
    let asked = IAdministration::hasRoleCall {
        role,
        account: ALICE,
    };
    assert_eq!(world.call(BOB, &asked), Ok(true.abi_encode()));
}

#[test]
fn only_the_admin_gives_and_takes() {
    let mut world = World::new();
    assert_eq!(world.grant(ALICE), Ok(vec![]));
    let (role, account) = (KEEPER, ALICE);
    let grant = IAdministration::grantRoleCall { role, account };
    let revoke = IAdministration::revokeRoleCall { role, account };
    assert_eq!(
        world.call(ALICE, &grant),
        missing(ALICE, DEFAULT_ADMIN_ROLE)
    );
    assert_eq!(world.call(BOB, &revoke), missing(BOB, DEFAULT_ADMIN_ROLE));
    assert_eq!(world.call(ADMIN, &revoke), Ok(vec![]));
    assert_eq!(
        world.last::<IAdministration::RoleRevoked>(),
        IAdministration::RoleRevoked {
            role,
            account,
            sender: ADMIN,
        }
    );
    let told = world.logs();
    assert_eq!(world.call(ADMIN, &revoke), Ok(vec![]));
    assert_eq!(world.logs(), told);
    let admin = IAdministration::getRoleAdminCall { role };
    assert_eq!(world.call(BOB, &admin), Ok(vec![0; 32]));
}

#[test]
fn the_last_holder_takes_the_place_of_who_leaves() {
    let mut world = World::new();
    for account in [ALICE, BOB, CAROL] {
        assert_eq!(world.grant(account), Ok(vec![]));
    }
    let role = KEEPER;
    let renounce = |account| IAdministration::renounceRoleCall {
        role,
        callerConfirmation: account,
    };
    assert_eq!(
        world.call(BOB, &renounce(ALICE)),
        refusal(IAdministration::AccessControlBadConfirmation {})
    );
    assert_eq!(world.call(ALICE, &renounce(ALICE)), Ok(vec![]));
    assert_eq!(world.keepers(), [CAROL, BOB]);
    let index = U256::from(2);
    let count = U256::from(2);
    assert_eq!(
        world.call(BOB, &IAdministration::getRoleMemberCall { role, index }),
        refusal(IAdministration::RoleMemberOutOfBounds { role, index, count })
    );
    assert_eq!(world.call(BOB, &renounce(BOB)), Ok(vec![]));
    assert_eq!(world.keepers(), [CAROL]);
    assert_eq!(world.call(CAROL, &renounce(CAROL)), Ok(vec![]));
    assert_eq!(world.keepers(), [Address::ZERO; 0]);
    assert_eq!(world.grant(ALICE), Ok(vec![]));
    assert_eq!(world.keepers(), [ALICE]);
    let index = U256::ZERO;
    assert_eq!(
        world.call(BOB, &IAdministration::getRoleMemberCall { role, index }),
        Ok(ALICE.abi_encode())
    );
}

#[test]
fn a_pause_needs_its_role_a_group_and_bounds_and_is_ended_by_hand_too() {
    let mut world = World::new();
    let pause = |group, duration| IAdministration::pauseCall { group, duration };
    let unpause = |group| IAdministration::unpauseCall { group };
    assert_eq!(
        world.call(ALICE, &pause(0, 28_800)),
        missing(ALICE, PAUSER_ROLE)
    );
    assert_eq!(world.call(ALICE, &unpause(0)), missing(ALICE, PAUSER_ROLE));
    world.program.administration.roles.give(PAUSER_ROLE, ALICE);
    for group in [2, 3, 4, 255] {
        let unknown = refusal(IAdministration::UnknownPauseGroup { group });
        assert_eq!(world.call(ALICE, &pause(group, 28_800)), unknown);
        assert_eq!(world.call(ALICE, &unpause(group)), unknown);
    }
    for duration in [0, 28_799, 2_592_001] {
        assert_eq!(
            world.call(ALICE, &pause(0, duration)),
            refusal(IAdministration::PauseOutOfBounds {
                duration,
                minimum: 28_800,
                maximum: 2_592_000,
            })
        );
    }
    assert_eq!(world.call(ALICE, &pause(1, 28_800)), Ok(vec![]));
    assert_eq!(
        world.last::<IAdministration::Paused>(),
        IAdministration::Paused {
            group: 1,
            until: 1_028_800,
            account: ALICE,
        }
    );
    let until = IAdministration::pausedUntilCall { group: 1 };
    assert_eq!(world.call(BOB, &until), Ok(1_028_800_u64.abi_encode()));
    assert_eq!(world.call(ALICE, &unpause(1)), Ok(vec![]));
    assert_eq!(
        world.last::<IAdministration::Unpaused>(),
        IAdministration::Unpaused {
            group: 1,
            account: ALICE,
        }
    );
    assert_eq!(world.call(BOB, &until), Ok(vec![0; 32]));
    let told = world.logs();
    assert_eq!(world.call(ALICE, &unpause(1)), Ok(vec![]));
    assert_eq!(world.logs(), told);
}

#[test]
fn only_the_upgrader_replaces_the_programs() {
    let mut world = World::new();
    let set = |administration, extension| IAdministration::setProgramsCall {
        administration,
        extension,
    };
    for caller in [ADMIN, ALICE, Address::ZERO] {
        let refused = IAdministration::CallerNotUpgrader {
            caller,
            upgrader: UPGRADER,
        };
        assert_eq!(world.call(caller, &set(OTHER, OTHER)), refusal(refused));
    }
    for (administration, extension) in [(ALICE, OTHER), (OTHER, ALICE)] {
        let refused = IAdministration::NotAContract { target: ALICE };
        // The revert undoes what the mocked host keeps.
        assert_eq!(
            world.call(UPGRADER, &set(administration, extension)),
            refusal(refused)
        );
    }
    assert_eq!(world.call(UPGRADER, &set(OTHER, PROGRAM)), Ok(vec![]));
    let asked = IAdministration::administrationCall {};
    assert_eq!(world.call(BOB, &asked), Ok(OTHER.abi_encode()));
    let asked = IAdministration::extensionCall {};
    assert_eq!(world.call(BOB, &asked), Ok(PROGRAM.abi_encode()));
    assert_eq!(
        world.last::<IAdministration::ProgramsSet>(),
        IAdministration::ProgramsSet {
            administration: OTHER,
            extension: PROGRAM,
        }
    );
    assert_eq!(world.program.administration.groups(), 2);
    let none = Address::ZERO;
    assert_eq!(world.call(UPGRADER, &set(OTHER, none)), Ok(vec![]));
    assert_eq!(world.call(BOB, &asked), Ok(none.abi_encode()));
}

/// What a caller could hope for from the program itself, whose address everybody knows.
#[test]
fn called_directly_the_program_serves_nobody() {
    let mut world = World::bare();
    for caller in [ADMIN, UPGRADER, ALICE, Address::ZERO] {
        let (role, account) = (DEFAULT_ADMIN_ROLE, caller);
        let grant = IAdministration::grantRoleCall { role, account };
        assert_eq!(world.call(caller, &grant), missing(caller, role));
        let revoke = IAdministration::revokeRoleCall { role, account };
        assert_eq!(world.call(caller, &revoke), missing(caller, role));
        let pause = IAdministration::pauseCall {
            group: 0,
            duration: 28_800,
        };
        assert_eq!(world.call(caller, &pause), missing(caller, PAUSER_ROLE));
        let unpause = IAdministration::unpauseCall { group: 0 };
        assert_eq!(world.call(caller, &unpause), missing(caller, PAUSER_ROLE));
        let set = IAdministration::setProgramsCall {
            administration: PROGRAM,
            extension: PROGRAM,
        };
        let refused = IAdministration::CallerNotUpgrader {
            caller,
            upgrader: Address::ZERO,
        };
        assert_eq!(world.call(caller, &set), refusal(refused));
        let renounce = IAdministration::renounceRoleCall {
            role,
            callerConfirmation: caller,
        };
        assert_eq!(world.call(caller, &renounce), Ok(vec![]));
    }
    assert_eq!(world.logs(), 0);
}

#[test]
fn the_interfaces_are_told_by_the_ids_of_openzeppelin() {
    let mut world = World::new();
    let ids = [
        (fixed_bytes!("01ffc9a7"), true),
        (fixed_bytes!("7965db0b"), true),
        (fixed_bytes!("5a05180f"), true),
        (fixed_bytes!("ffffffff"), false),
        (fixed_bytes!("00000000"), false),
    ];
    for (id, supported) in ids {
        let asked = IAdministration::supportsInterfaceCall { interfaceId: id };
        assert_eq!(world.call(BOB, &asked), Ok(supported.abi_encode()), "{id}");
    }
    let xor = |selectors: &[[u8; 4]]| {
        let numbers = selectors.iter().map(|one| u32::from_be_bytes(*one));
        numbers.fold(0, |all, one| all ^ one)
    };
    let access = xor(&[
        IAdministration::hasRoleCall::SELECTOR,
        IAdministration::getRoleAdminCall::SELECTOR,
        IAdministration::grantRoleCall::SELECTOR,
        IAdministration::revokeRoleCall::SELECTOR,
        IAdministration::renounceRoleCall::SELECTOR,
    ]);
    assert_eq!(access, 0x7965_db0b);
    let enumerable = xor(&[
        IAdministration::getRoleMemberCall::SELECTOR,
        IAdministration::getRoleMemberCountCall::SELECTOR,
    ]);
    assert_eq!(enumerable, 0x5a05_180f);
}

#[test]
fn an_id_with_dirty_padding_is_refused() {
    let mut world = World::new();
    let mut data = vec![0x01, 0xff, 0xc9, 0xa7];
    data.resize(32, 0);
    data[31] = 1;
    let selector = u32::from_be_bytes(IAdministration::supportsInterfaceCall::SELECTOR);
    let answer = AdministrationProgram::route(&mut world.program, selector, &data);
    assert_eq!(answer, Some(Err(vec![])));
}
