//! Permits: what is signed, who may have signed it, and that it counts once and in time.
//!
//! Real keys and real wallets sign in the end-to-end scenarios; here the precompile and the wallet
//! answer what the test tells them.

use alloy_primitives::{B256, b256};
use alloy_sol_types::{SolStruct, eip712_domain, sol};

use super::*;

sol! {
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }
}

const ECRECOVER: Address = address!("0000000000000000000000000000000000000001");
const R: B256 = b256!("1111111111111111111111111111111111111111111111111111111111111111");
const S: B256 = b256!("2222222222222222222222222222222222222222222222222222222222222222");
/// Half the order of secp256k1, rounded down (SEC 2, §2.4.1).
const HALF_ORDER: B256 = b256!("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

/// What Alice signs to let Bob move 400 wei, computed by alloy.
fn digest(world: &World, nonce: u64) -> B256 {
    let permit = Permit {
        owner: ALICE,
        spender: BOB,
        value: U256::from(400),
        nonce: U256::from(nonce),
        deadline: U256::from(START),
    };
    let domain = eip712_domain! {
        name: "Liquid staked ETH",
        version: "1",
        chain_id: world.chain_id(),
        verifying_contract: world.vm.contract_address(),
    };
    permit.eip712_signing_hash(&domain)
}

impl World {
    fn chain_id(&self) -> u64 {
        stylus_sdk::stylus_core::ChainAccess::chain_id(&self.vm)
    }

    /// The precompile says that `signer` made the signature with `s` for `nonce`.
    fn recover(&self, signer: Address, nonce: u64, s: B256) {
        let input = (digest(self, nonce), U256::from(27), R, s).abi_encode();
        let answer = Ok(signer.abi_encode());
        self.vm.mock_static_call(ECRECOVER, input, answer);
    }

    /// The wallet at Alice's address gives this answer about `signature`.
    fn wallet(&self, signature: &[u8], answer: Vec<u8>) {
        let arguments = (digest(self, 0), signature.to_vec()).abi_encode_params();
        let mut input = vec![0x16, 0x26, 0xba, 0x7e];
        input.extend(arguments);
        self.vm.mock_static_call(ALICE, input, Ok(answer));
    }

    fn permit(&mut self, v: u8, s: B256) -> Outcome {
        let permit = IStakingPool::permit_0Call {
            owner: ALICE,
            spender: BOB,
            value: U256::from(400),
            deadline: U256::from(START),
            v,
            r: R,
            s,
        };
        self.call(BOB, 0, &permit)
    }

    fn permit_with(&mut self, signature: &[u8]) -> Outcome {
        let permit = IStakingPool::permit_1Call {
            owner: ALICE,
            spender: BOB,
            value: U256::from(400),
            deadline: U256::from(START),
            signature: signature.to_vec().into(),
        };
        self.call(BOB, 0, &permit)
    }

    fn allowed(&self) -> (U256, U256) {
        (self.pool.allowance(ALICE, BOB), self.pool.nonces(ALICE))
    }
}

const UNTOUCHED: (U256, U256) = (U256::ZERO, U256::ZERO);

#[test]
fn a_permit_sets_the_allowance_until_and_at_its_deadline() {
    let mut world = World::new();
    world.recover(ALICE, 0, S);
    assert_eq!(world.permit(27, S), Ok(vec![]));
    assert_eq!(world.allowed(), (U256::from(400), U256::ONE));
    let approval: IStakingPool::Approval = world.last();
    assert_eq!(
        (approval.owner, approval.spender, approval.value),
        (ALICE, BOB, U256::from(400))
    );
}

#[test]
fn a_permit_is_refused_a_second_after_its_deadline() {
    let mut world = World::new();
    world.recover(ALICE, 0, S);
    world.vm.set_block_timestamp(START + 1);
    let expired = IStakingPool::ERC2612ExpiredSignature {
        deadline: U256::from(START),
    };
    assert_eq!(world.permit(27, S), refusal(expired));
    assert_eq!(world.allowed(), UNTOUCHED);
}

#[test]
fn the_next_permit_is_signed_over_the_next_nonce() {
    let mut world = World::new();
    world.recover(ALICE, 0, S);
    assert_eq!(world.permit(27, S), Ok(vec![]));
    // A mock is asked with exact data, so this one answers only if the nonce is 1.
    world.recover(ALICE, 1, S);
    assert_eq!(world.permit(27, S), Ok(vec![]));
    assert_eq!(world.pool.nonces(ALICE), U256::from(2));
}

#[test]
fn a_permit_signed_by_another_key_is_refused() {
    let mut world = World::new();
    world.recover(BOB, 0, S);
    // Alice has no code: the call to her address answers nothing like agreement.
    let invalid = IStakingPool::ERC2612InvalidSigner {
        signer: BOB,
        owner: ALICE,
    };
    assert_eq!(world.permit(27, S), refusal(invalid));
    assert_eq!(world.allowed(), UNTOUCHED);
}

#[test]
fn of_a_signatures_two_forms_only_the_one_with_the_smaller_s_counts() {
    let mut world = World::new();
    world.recover(ALICE, 0, HALF_ORDER);
    assert_eq!(world.permit(27, HALF_ORDER), Ok(vec![]));

    let mut world = World::new();
    let above = B256::from(U256::from_be_bytes(HALF_ORDER.0) + U256::ONE);
    world.recover(ALICE, 0, above);
    let invalid = IStakingPool::ERC2612InvalidSigner {
        signer: Address::ZERO,
        owner: ALICE,
    };
    assert_eq!(world.permit(27, above), refusal(invalid));
    assert_eq!(world.allowed(), UNTOUCHED);
}

#[test]
fn a_v_that_is_neither_27_nor_28_is_refused() {
    for v in [0, 1, 26, 29, 255] {
        let mut world = World::new();
        world.recover(ALICE, 0, S);
        let invalid = IStakingPool::ERC2612InvalidSigner {
            signer: Address::ZERO,
            owner: ALICE,
        };
        assert_eq!(world.permit(v, S), refusal(invalid));
        assert_eq!(world.allowed(), UNTOUCHED);
    }
}

#[test]
fn nobody_signs_for_address_zero() {
    let mut world = World::new();
    let permit = IStakingPool::permit_1Call {
        owner: Address::ZERO,
        spender: BOB,
        value: U256::from(400),
        deadline: U256::from(START),
        signature: vec![].into(),
    };
    let invalid = IStakingPool::ERC2612InvalidSigner {
        signer: Address::ZERO,
        owner: Address::ZERO,
    };
    assert_eq!(world.call(BOB, 0, &permit), refusal(invalid));
}

#[test]
fn a_wallet_agrees_to_signatures_of_its_own_kind() {
    let mut world = World::new();
    let mut agreed = vec![0x16, 0x26, 0xba, 0x7e];
    agreed.resize(32, 0);
    world.wallet(b"a passkey", agreed);
    assert_eq!(world.permit_with(b"a passkey"), Ok(vec![]));
    assert_eq!(world.allowed(), (U256::from(400), U256::ONE));
}

#[test]
fn a_wallet_that_answers_anything_else_has_not_agreed() {
    let mut dirty = vec![0x16, 0x26, 0xba, 0x7e];
    dirty.resize(32, 1);
    for answer in [vec![], vec![0x16, 0x26, 0xba, 0x7e], vec![0; 32], dirty] {
        let mut world = World::new();
        world.wallet(b"a passkey", answer);
        let invalid = IStakingPool::ERC2612InvalidSigner {
            signer: Address::ZERO,
            owner: ALICE,
        };
        assert_eq!(world.permit_with(b"a passkey"), refusal(invalid));
        assert_eq!(world.allowed(), UNTOUCHED);
    }
}

#[test]
fn the_domain_is_described_as_it_is_signed() {
    let mut world = World::new();
    let own = world.vm.contract_address();
    let domain = eip712_domain! {
        name: "Liquid staked ETH",
        version: "1",
        chain_id: world.chain_id(),
        verifying_contract: own,
    };
    let separator = world.call(ALICE, 0, &IStakingPool::DOMAIN_SEPARATORCall {});
    assert_eq!(separator, Ok(domain.separator().to_vec()));
    let described = world.call(ALICE, 0, &IStakingPool::eip712DomainCall {});
    let described = described.expect("it is a view");
    let expected = (
        alloy_primitives::FixedBytes::<1>::from([0x0f]),
        "Liquid staked ETH".to_owned(),
        "1".to_owned(),
        U256::from(world.chain_id()),
        own,
        B256::ZERO,
        Vec::<U256>::new(),
    );
    assert_eq!(described, expected.abi_encode_params());
}
