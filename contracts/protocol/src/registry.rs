//! A validator's record and its states. Its bond is in [`crate::bond`], its stake in
//! [`crate::delegation`].

use crate::{
    bond::{BondExit, check_bond},
    fault::Faults,
    mul_div::MathError,
    terms::Terms,
};

/// Most validators that may be Active, Jailed or Exiting at once.
///
/// Plans look at all of them, so this bounds the work of one call.
pub const MAX_VALIDATORS: usize = 64;
/// The last of these places, which only vetted validators take: 16.
///
/// The open lane is anybody's who has the minimum bond, and nobody can be made to leave: without these
/// whoever pays 64 minimum bonds, and gets them back, would keep all others out.
pub const VETTED_PLACES: usize = 16;
/// Seconds that a validator has, once its time in jail is served, to make its bond whole: 14 days.
///
/// Then anybody may make it leave. One that has nothing left to lose has no reason to, and would hold
/// its place for ever.
pub const TOP_UP_SECS: u64 = 14 * 86_400;

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
    /// Vetted: full leverage.
    Vetted,
}

impl Lane {
    /// Most validators that may be Active, Jailed or Exiting once one of this lane is activated.
    pub const fn places(self) -> usize {
        match self {
            Self::Open => MAX_VALIDATORS.saturating_sub(VETTED_PLACES),
            Self::Vetted => MAX_VALIDATORS,
        }
    }
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

/// All that the rules know of one validator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validator {
    /// Where it stands.
    pub status: Status,
    /// How it came in.
    pub lane: Lane,
    /// Most wei that it should be given; `None` is no limit of its own.
    pub target: Option<u128>,
    /// Faults alleged and not yet decided.
    pub faults: Faults,
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
    /// Nothing to do.
    ZeroAmount,
}

impl From<MathError> for RegistryError {
    fn from(error: MathError) -> Self {
        Self::Math(error)
    }
}

impl Validator {
    /// A new validator with its first bond, in the open lane.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`] if the place is taken,
    ///   [`RegistryError::BondTooSmall`].
    pub fn register(&self, bond: u128, terms: &Terms) -> Result<Self, RegistryError> {
        let moved = self.moved(Status::Pending)?;
        check_bond(bond, terms.min_bond)?;
        Ok(Self { bond, ..moved })
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
        match self.status {
            Status::Active | Status::Jailed => Ok(self.convicted(until)),
            Status::Unknown | Status::Pending | Status::Exiting | Status::Exited => {
                Err(self.forbidden(Status::Jailed))
            }
        }
    }

    /// The validator after a penalty: in jail until `until` at least, if it can be.
    #[must_use]
    pub fn convicted(&self, until: u64) -> Self {
        match self.status {
            Status::Active | Status::Jailed => Self {
                status: Status::Jailed,
                jailed_until: self.jailed_until.max(until),
                ..*self
            },
            Status::Unknown | Status::Pending | Status::Exiting | Status::Exited => *self,
        }
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
        self.check_no_faults(now)?;
        check_bond(self.staying_bond(), terms.min_bond)?;
        self.moved(Status::Active)
    }

    /// Pending, Active or Jailed → Exiting. All of the bond asks to leave.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`].
    pub fn begin_exit(&self, now: u64, terms: &Terms) -> Result<Self, RegistryError> {
        Ok(Self {
            bond_exit: BondExit {
                amount: self.bond,
                available_at: now.saturating_add(terms.bond_exit_secs),
            },
            ..self.moved(Status::Exiting)?
        })
    }

    /// Whether anybody may make it leave at `now`: its time in jail was over [`TOP_UP_SECS`] ago, and the
    /// bond that counts is under the minimum.
    pub const fn may_be_expelled(&self, now: u64, terms: &Terms) -> bool {
        matches!(self.status, Status::Jailed)
            && now >= self.jailed_until.saturating_add(TOP_UP_SECS)
            && self.staying_bond() < terms.min_bond
    }

    /// Exiting → Exited, once all stake is back, evidence of what it did last is no longer valid,
    /// and no fault is open. Returns the validator afterwards and the bond that it is paid.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`], [`RegistryError::StakeOutstanding`],
    ///   [`RegistryError::BondLocked`], [`RegistryError::OpenFaults`].
    pub fn complete_exit(&self, now: u64) -> Result<(Self, u128), RegistryError> {
        let moved = self.moved(Status::Exited)?;
        if self.active != 0 || self.unbonding.assets != 0 {
            return Err(RegistryError::StakeOutstanding {
                active: self.active,
                unbonding: self.unbonding.assets,
            });
        }
        self.check_bond_is_free(now)?;
        let gone = Self {
            bond: 0,
            bond_exit: BondExit::default(),
            ..moved
        };
        Ok((gone, self.bond))
    }

    /// Moves it to another lane. Capacity follows; stake that exceeds it is the first to be lowered.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`] for one that is not there or gone.
    pub fn in_lane(&self, lane: Lane) -> Result<Self, RegistryError> {
        self.check_here()?;
        Ok(Self { lane, ..*self })
    }

    /// Limits the stake that it should be given; `None` lifts the limit.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`] for one that is not there or gone.
    pub fn with_target(&self, target: Option<u128>) -> Result<Self, RegistryError> {
        self.check_here()?;
        Ok(Self { target, ..*self })
    }

    /// The validator with a fault alleged at `now`.
    ///
    /// - Errors: [`RegistryError::ForbiddenTransition`] for one that is not there or gone.
    pub fn accused(&self, now: u64) -> Result<Self, RegistryError> {
        self.check_here()?;
        Ok(Self {
            faults: self.faults.opened(now),
            ..*self
        })
    }

    pub(crate) const fn check_no_faults(&self, now: u64) -> Result<(), RegistryError> {
        match self.faults.open_at(now) {
            0 => Ok(()),
            count => Err(RegistryError::OpenFaults { count }),
        }
    }

    pub(crate) const fn forbidden(&self, to: Status) -> RegistryError {
        RegistryError::ForbiddenTransition {
            from: self.status,
            to,
        }
    }

    const fn check_here(&self) -> Result<(), RegistryError> {
        match self.status {
            Status::Unknown | Status::Exited => Err(self.forbidden(self.status)),
            Status::Pending | Status::Active | Status::Jailed | Status::Exiting => Ok(()),
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
