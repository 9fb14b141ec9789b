//! Whether a contract takes an ERC-721 token that it is given.
#![expect(
    clippy::disallowed_types,
    reason = "the cache is flushed and dropped, and one word is read"
)]

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{call::RawCall, stylus_core::Host};

use crate::{
    revert::Word,
    router::{Output, append_text},
};

/// Selector of `onERC721Received(address,address,uint256,bytes)`.
const ON_RECEIVED: [u8; 4] = [0x15, 0x0b, 0x7a, 0x02];
/// What a contract answers that takes the token: the selector, padded.
const TAKEN: U256 = U256::from_limbs([0, 0, 0, 0x150b_7a02 << 32]);

/// Whether `receiver` takes token `id` that `operator` moved from `from`; an account without code does.
///
/// One word of the answer is read. The receiver may call back: whatever it does has to be right
/// after the token has moved.
pub fn takes(
    host: &impl Host,
    receiver: Address,
    operator: Address,
    from: Address,
    id: U256,
    data: &[u8],
) -> bool {
    if host.code_size(receiver) == 0 {
        return true;
    }
    let mut arguments = Vec::new();
    // Four words stand before the data.
    for word in [operator.word(), from.word(), id, U256::from(128)] {
        word.output(&mut arguments);
    }
    append_text(&mut arguments, data);
    let mut question = ON_RECEIVED.to_vec();
    question.extend_from_slice(&arguments);
    // SAFETY: the cache is written out and dropped, and storage types read through it every time.
    let answer = unsafe {
        RawCall::new(host)
            .clear_storage_cache()
            .limit_return_data(0, 32)
            .call(receiver, &question)
    };
    answer.is_ok_and(|word| U256::try_from_be_slice(&word) == Some(TAKEN) && word.len() == 32)
}
