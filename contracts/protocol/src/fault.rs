//! Faults that are alleged and not decided: they hold a bond back, for a time.

/// Seconds after which an allegation lapses: 14 days. Who alleges and never decides must not be able
/// to hold a bond for ever.
pub const FAULT_SECS: u64 = 14 * 86_400;

/// Open allegations against one validator, or against all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// How many were opened and not closed.
    pub count: u16,
    /// Timestamp at which the youngest of them lapses, and the others with it.
    pub until: u64,
}

/// What is known of a piece of evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Evidence {
    /// Nothing.
    #[default]
    New,
    /// It was brought, and nothing was decided.
    Alleged {
        /// Against whom.
        validator: u32,
        /// Timestamp at which the allegation lapses.
        until: u64,
    },
    /// It was decided, for or against; it cannot be brought again.
    Used,
}

/// An allegation or a decision that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceError {
    /// It was decided before.
    Used,
    /// It is before the court already.
    Pending,
    /// It was brought against somebody else.
    AgainstAnother {
        /// Against whom.
        validator: u32,
    },
    /// It was not brought.
    NotPending,
}

impl Faults {
    /// How many are open at `now`.
    pub const fn open_at(&self, now: u64) -> u16 {
        if now < self.until { self.count } else { 0 }
    }

    /// One more, alleged at `now`. Saturates: beyond 65,535 some lapse instead of being closed.
    #[must_use]
    pub const fn opened(&self, now: u64) -> Self {
        Self {
            count: self.open_at(now).saturating_add(1),
            until: now.saturating_add(FAULT_SECS),
        }
    }

    /// One less, decided at `now`.
    #[must_use]
    pub const fn closed(&self, now: u64) -> Self {
        Self {
            count: self.open_at(now).saturating_sub(1),
            until: self.until,
        }
    }
}

impl Evidence {
    /// Brings new evidence against `validator` at `now`. What has lapsed can be brought again.
    ///
    /// - Errors: [`EvidenceError::Used`], [`EvidenceError::Pending`].
    pub const fn alleged(&self, validator: u32, now: u64) -> Result<Self, EvidenceError> {
        match *self {
            Self::Used => Err(EvidenceError::Used),
            Self::Alleged { until, .. } if now < until => Err(EvidenceError::Pending),
            Self::New | Self::Alleged { .. } => Ok(Self::Alleged {
                validator,
                until: now.saturating_add(FAULT_SECS),
            }),
        }
    }

    /// Convicts `validator` with it at `now`; evidence need not be alleged first.
    ///
    /// - Returns: whether this closes an open allegation.
    /// - Errors: [`EvidenceError::Used`], [`EvidenceError::AgainstAnother`].
    pub const fn convicts(&self, validator: u32, now: u64) -> Result<bool, EvidenceError> {
        match *self {
            Self::Used => Err(EvidenceError::Used),
            Self::New => Ok(false),
            Self::Alleged {
                validator: accused,
                until,
            } => {
                if accused != validator {
                    return Err(EvidenceError::AgainstAnother { validator: accused });
                }
                Ok(now < until)
            }
        }
    }

    /// Acquits `validator` of it at `now`.
    ///
    /// - Returns: as [`Self::convicts`].
    /// - Errors: [`EvidenceError`].
    pub const fn acquits(&self, validator: u32, now: u64) -> Result<bool, EvidenceError> {
        match *self {
            Self::New => Err(EvidenceError::NotPending),
            Self::Alleged { .. } | Self::Used => self.convicts(validator, now),
        }
    }
}
