//! Who is told of every slash.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use client::abi::IAdministration::NotAContract;
use client::abi::ISlashingHook::onSlashCall;
use client::abi::IValidatorRegistry as Registry;

use super::{Model, Refusal, refuse};

/// Most hooks that there can be.
const MOST: usize = 8;

impl Model {
    pub(super) fn add_hook(&mut self, caller: Address, hook: Address) -> Result<Vec<u8>, Refusal> {
        self.check_role(caller, "DEFAULT_ADMIN_ROLE")?;
        if !self.is_contract(hook) {
            return refuse(&NotAContract { target: hook });
        }
        if self.hooks.contains(&hook) {
            return refuse(&Registry::HookAlreadyAdded { hook });
        }
        if self.hooks.len() == MOST {
            return refuse(&Registry::TooManyHooks {
                maximum: U256::from(MOST),
            });
        }
        self.hooks.push(hook);
        self.log(self.at.registry, &Registry::SlashingHookAdded { hook });
        Ok(Vec::new())
    }

    /// The last takes the place of the one that leaves.
    pub(super) fn remove_hook(
        &mut self,
        caller: Address,
        hook: Address,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_role(caller, "DEFAULT_ADMIN_ROLE")?;
        let Some(place) = self.hooks.iter().position(|known| *known == hook) else {
            return refuse(&Registry::UnknownHook { hook });
        };
        self.hooks.swap_remove(place);
        self.log(self.at.registry, &Registry::SlashingHookRemoved { hook });
        Ok(Vec::new())
    }

    /// Each in its turn; one that fails is named, and stops nobody.
    pub(super) fn tell_hooks(&mut self, news: &onSlashCall) {
        for hook in self.hooks.clone() {
            if self.answer(hook, &news.abi_encode()).is_none() {
                let failed = Registry::SlashingHookFailed {
                    hook,
                    evidenceHash: news.evidenceHash,
                };
                self.log(self.at.registry, &failed);
            }
        }
    }
}
