//! A validator's record: its states, its bond, and when the bond may leave.

use crate::mul_div::{MathError, add, sub};

/// Most validators that may be Active, Jailed or Exiting at once.
///
/// Plans look at all of them, so this bounds the work of one call.
pub const MAX_VALIDATORS: usize = 64;

/// Where a validator stands. The codes are storage and ABI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Never registered.
    #[default]
    Unknown = 0,
    /// Registered and bonded, gets no stake yet.
    Pending = 1,
    /// Attests and gets stake.
    Active = 2,
    /// Gets no stake and gives it back first.
    Jailed = 3,
    /// On the way out; gives all stake back.
    Exiting = 4,
    /// Gone, for good.
    Exited = 5,
}

impl Status {
    /// The status with this code.
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Unknown,
            1 => Self::Pending,
            2 => Self::Active,
            3 => Self::Jailed,
            4 => Self::Exiting,
            5 => Self::Exited,
            _ => return None,
        })
    }

    /// Whether the arrow from `self` to `next` is drawn.
    ///
    /// Unknown → Pending → Active ⇄ Jailed → Exiting → Exited, and Active or Pending → Exiting,
    /// because leaving must not require misbehaving first.
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Unknown, Self::Pending)
                | (Self::Pending | Self::Jailed, Self::Active)
                | (Self::Active, Self::Jailed)
                | (Self::Pending | Self::Active | Self::Jailed, Self::Exiting)
                | (Self::Exiting, Self::Exited)
        )
    }
}

/// How a validator came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lane {
    /// By its bond alone: half the leverage.
    #[default]
    Open,
    /// Vetted: full leverage, up to `cap` wei of stake.
    Vetted {
        /// Most wei it may be given.
        cap: u128,
    },
}

/// Stake on its way back to the pool, slashable until it is there.
///
/// Entries hold shares of it, so that a slash cuts them all in one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unbonding {
    /// Wei.
    pub assets: u128,
    /// Shares of the entries.
    pub shares: u128,
}

/// A part of the bond that wants to leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BondExit {
    /// Wei asked for.
    pub amount: u128,
    /// Timestamp from which it may be paid.
    pub available_at: u64,
}

/// All that the rules know of one validator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validator {
    /// Where it stands.
    pub status: Status,
    /// How it came in.
    pub lane: Lane,
    /// Faults alleged and not yet decided.
    pub open_faults: u16,
    /// Timestamp from which it may leave jail.
    pub jailed_until: u64,
    /// Its own wei, slashed first; a part that wants to leave is still in it.
    pub bond: u128,
    /// Delegated wei.
    pub active: u128,
    /// Delegated wei on the way back.
    pub unbonding: Unbonding,
    /// Bond that wants to leave.
    pub bond_exit: BondExit,
}

/// The registry's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Smallest bond of a validator that gets stake, in wei.
    pub min_bond: u128,
    /// Stake per bond in the vetted lane.
    pub leverage: u16,
    /// Stake per bond in the open lane.
    pub open_leverage: u16,
    /// Largest part of the pool that one validator may hold, in basis points.
    pub pool_share_bps: u16,
    /// Seconds from undelegating to release; longer than evidence stays valid.
    pub unbonding_secs: u64,
    /// Seconds from asking for bond to getting it; longer than evidence stays valid.
    pub bond_exit_secs: u64,
}

/// A step of the registry that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistryError {
    /// The step has no answer.
    Math(MathError),
    /// No such arrow between states.
    ForbiddenTransition {
        /// Status now.
        from: Status,
        /// Status asked for.
        to: Status,
    },
    /// The bond is, or would become, smaller than it must be.
    BondTooSmall {
        /// Wei of bond that would count.
        bond: u128,
        /// Wei needed.
        required: u128,
    },
    /// Still in jail.
    JailedUntil {
        /// Timestamp of release.
        until: u64,
        /// The time now.
        now: u64,
    },
    /// Stake has not come back yet.
    StakeOutstanding {
        /// Delegated wei.
        active: u128,
        /// Unbonding wei.
        unbonding: u128,
    },
    /// Faults are undecided.
    OpenFaults {
        /// How many.
        count: u16,
    },
    /// No bond wants to leave.
    NoBondExit,
    /// The bond may not leave yet.
    BondLocked {
        /// Timestamp from which it may.
        available_at: u64,
        /// The time now.
        now: u64,
    },
    /// The stake would exceed the validator's capacity.
    AboveCapacity {
        /// Delegated wei after the step.
        active: u128,
        /// Wei it may hold.
        capacity: u128,
    },
    /// More stake than the validator holds.
    AboveStake {
        /// Wei asked for.
        assets: u128,
        /// Wei delegated.
        active: u128,
    },
    /// Nothing to do.
    ZeroAmount,
    /// The entry matures later.
    NotMatured {
        /// Timestamp of maturity.
        matures_at: u64,
        /// The time now.
        now: u64,
    },
}

impl From<MathError> for RegistryError {
    fn from(error: MathError) -> Self {
        Self::Math(error)
    }
}

impl Validator {
    /// A new validator with its first bond.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`] if the place is taken,
    ///   [`RegistryError::BondTooSmall`].
    pub fn register(&self, lane: Lane, bond: u128, terms: &Terms) -> Result<Self, RegistryError> {
        let moved = self.moved(Status::Pending)?;
        check_bond(bond, terms.min_bond)?;
        Ok(Self {
            lane,
            bond,
            ..moved
        })
    }

    /// Pending → Active.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`] (a jailed validator uses [`Self::unjail`]),
    ///   [`RegistryError::BondTooSmall`].
    pub fn activate(&self, terms: &Terms) -> Result<Self, RegistryError> {
        if self.status != Status::Pending {
            return Err(self.forbidden(Status::Active));
        }
        check_bond(self.staying_bond(), terms.min_bond)?;
        self.moved(Status::Active)
    }

    /// Active → Jailed, until `until` at least. A validator in jail already may only stay longer.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`].
    pub fn jail(&self, until: u64) -> Result<Self, RegistryError> {
        let mut jailed = match self.status {
            Status::Jailed => *self,
            Status::Unknown
            | Status::Pending
            | Status::Active
            | Status::Exiting
            | Status::Exited => self.moved(Status::Jailed)?,
        };
        jailed.jailed_until = jailed.jailed_until.max(until);
        Ok(jailed)
    }

    /// Jailed → Active, once the time is served and the bond is whole again.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`], [`RegistryError::JailedUntil`],
    ///   [`RegistryError::OpenFaults`], [`RegistryError::BondTooSmall`].
    pub fn unjail(&self, now: u64, terms: &Terms) -> Result<Self, RegistryError> {
        if self.status != Status::Jailed {
            return Err(self.forbidden(Status::Active));
        }
        if now < self.jailed_until {
            return Err(RegistryError::JailedUntil {
                until: self.jailed_until,
                now,
            });
        }
        self.check_no_faults()?;
        check_bond(self.staying_bond(), terms.min_bond)?;
        self.moved(Status::Active)
    }

    /// Pending, Active or Jailed → Exiting.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`].
    pub fn begin_exit(&self) -> Result<Self, RegistryError> {
        self.moved(Status::Exiting)
    }

    /// Exiting → Exited, once all stake is back and no fault is open.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`], [`RegistryError::StakeOutstanding`],
    ///   [`RegistryError::OpenFaults`].
    pub fn complete_exit(&self) -> Result<Self, RegistryError> {
        let moved = self.moved(Status::Exited)?;
        if self.active != 0 || self.unbonding.assets != 0 {
            return Err(RegistryError::StakeOutstanding {
                active: self.active,
                unbonding: self.unbonding.assets,
            });
        }
        self.check_no_faults()?;
        Ok(moved)
    }

    /// More bond.
    ///
    /// - Errors: [`RegistryError::ZeroAmount`], [`MathError::SumOverflow`];
    ///   [`RegistryError::ForbiddenTransition`] for a validator that is not there or gone.
    pub fn add_bond(&self, assets: u128) -> Result<Self, RegistryError> {
        if assets == 0 {
            return Err(RegistryError::ZeroAmount);
        }
        if matches!(self.status, Status::Unknown | Status::Exited) {
            return Err(self.forbidden(self.status));
        }
        Ok(Self {
            bond: add(self.bond, assets)?,
            ..*self
        })
    }

    /// Asks for `assets` wei of the bond; they count for nothing from now on, but stay slashable.
    ///
    /// A new request replaces the one before and starts its time again.
    ///
    /// - Errors: [`RegistryError::ZeroAmount`], [`RegistryError::BondTooSmall`] if what stays does
    ///   not cover stake and minimum.
    pub fn request_bond_exit(
        &self,
        assets: u128,
        now: u64,
        terms: &Terms,
    ) -> Result<Self, RegistryError> {
        if assets == 0 {
            return Err(RegistryError::ZeroAmount);
        }
        let next = Self {
            bond_exit: BondExit {
                amount: assets,
                available_at: now.saturating_add(terms.bond_exit_secs),
            },
            ..*self
        };
        sub(self.bond, assets)?;
        check_bond(next.staying_bond(), next.required_bond(terms)?)?;
        Ok(next)
    }

    /// Pays the bond that asked to leave: at most what was asked for and what slashes have left.
    ///
    /// - Errors: [`RegistryError::NoBondExit`], [`RegistryError::BondLocked`],
    ///   [`RegistryError::OpenFaults`], [`RegistryError::BondTooSmall`].
    pub fn claim_bond(&self, now: u64, terms: &Terms) -> Result<(Self, u128), RegistryError> {
        let BondExit {
            amount,
            available_at,
        } = self.bond_exit;
        if amount == 0 {
            return Err(RegistryError::NoBondExit);
        }
        if now < available_at {
            return Err(RegistryError::BondLocked { available_at, now });
        }
        self.check_no_faults()?;
        check_bond(self.staying_bond(), self.required_bond(terms)?)?;
        let paid = amount.min(self.bond);
        let next = Self {
            bond: sub(self.bond, paid)?,
            bond_exit: BondExit::default(),
            ..*self
        };
        Ok((next, paid))
    }

    /// Bond that counts: without the part that wants to leave.
    pub const fn staying_bond(&self) -> u128 {
        self.bond.saturating_sub(self.bond_exit.amount)
    }

    /// Bond that must stay: what covers active and unbonding stake, and the minimum until the exit.
    ///
    /// - Rounding: up.
    /// - Errors: [`MathError`].
    pub fn required_bond(&self, terms: &Terms) -> Result<u128, MathError> {
        let stake = add(self.active, self.unbonding.assets)?;
        let cover = crate::mul_div::mul_div(
            stake,
            1,
            u128::from(self.leverage(terms)),
            crate::mul_div::Rounding::Up,
        )?;
        Ok(match self.status {
            Status::Exiting | Status::Exited => cover,
            Status::Unknown | Status::Pending | Status::Active | Status::Jailed => {
                cover.max(terms.min_bond)
            }
        })
    }

    /// Stake per bond in the validator's lane, at least one.
    pub const fn leverage(&self, terms: &Terms) -> u16 {
        let leverage = match self.lane {
            Lane::Open => terms.open_leverage,
            Lane::Vetted { .. } => terms.leverage,
        };
        if leverage == 0 { 1 } else { leverage }
    }

    const fn check_no_faults(&self) -> Result<(), RegistryError> {
        match self.open_faults {
            0 => Ok(()),
            count => Err(RegistryError::OpenFaults { count }),
        }
    }

    const fn forbidden(&self, to: Status) -> RegistryError {
        RegistryError::ForbiddenTransition {
            from: self.status,
            to,
        }
    }

    const fn moved(&self, to: Status) -> Result<Self, RegistryError> {
        if !self.status.may_become(to) {
            return Err(self.forbidden(to));
        }
        Ok(Self {
            status: to,
            ..*self
        })
    }
}

const fn check_bond(bond: u128, required: u128) -> Result<(), RegistryError> {
    if bond < required {
        return Err(RegistryError::BondTooSmall { bond, required });
    }
    Ok(())
}
