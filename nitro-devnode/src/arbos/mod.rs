//! ArbOS state: parameters, storage layout, pricing.
