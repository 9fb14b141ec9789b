//! Which interfaces a contract says that it has (ERC-165). An id is the exclusive or of the
//! selectors of an interface.

use alloy_primitives::FixedBytes;

/// `supportsInterface` itself.
pub const ERC165: u32 = 0x01ff_c9a7;
/// ERC-721.
pub const ERC721: u32 = 0x80ac_58cd;
/// Name, symbol and pictures of ERC-721.
pub const ERC721_METADATA: u32 = 0x5b5e_139f;
/// ERC-4906: pictures that change. An id by decree, as the interface has events alone.
pub const ERC4906: u32 = 0x4906_4906;
/// Vaults of ERC-7575.
pub const ERC7575_VAULT: u32 = 0x2f0a_18c5;
/// Shares of ERC-7575.
pub const ERC7575_SHARE: u32 = 0xf815_c03d;
/// Operators of ERC-7540.
pub const ERC7540_OPERATORS: u32 = 0xe3bc_4e65;
/// Asynchronous redemption of ERC-7540.
pub const ERC7540_REDEEM: u32 = 0x620e_e8e4;
/// AccessControl of OpenZeppelin.
pub const ACCESS_CONTROL: u32 = 0x7965_db0b;
/// AccessControlEnumerable of OpenZeppelin.
pub const ACCESS_CONTROL_ENUMERABLE: u32 = 0x5a05_180f;

/// Whether a contract has the interface `id`: [`ERC165`], or one of its `own`.
pub fn supports(id: FixedBytes<4>, own: &[u32]) -> bool {
    let id = u32::from_be_bytes(id.0);
    id == ERC165 || own.contains(&id)
}
