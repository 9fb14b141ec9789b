//! Faults that are alleged and not decided: they hold a bond back, for a time.
//!
//! They are counted, not listed, so one that lapses is counted until somebody says so. Anybody may.

/// Seconds after which an allegation lapses: 14 days, and the same evidence is not alleged again. Who
/// alleges and never decides must not be able to hold a bond for ever.
pub const FAULT_SECS: u64 = 14 * 86_400;

/// Open allegations against one validator, or against all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// How many were opened and not closed, those that have lapsed among them.
    pub count: u16,
    /// Timestamp at which the youngest of them lapses, and none is open any more.
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
    /// It was brought, nothing was decided in time, and it is no longer counted. It still convicts.
    Lapsed {
        /// Against whom.
        validator: u32,
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
    /// It was brought and not decided in time; it cannot be brought again.
    Lapsed,
    /// It has not lapsed yet.
    NotLapsed {
        /// Timestamp at which it does.
        until: u64,
    },
    /// It was brought against somebody else.
    AgainstAnother {
        /// Against whom.
        validator: u32,
    },
    /// It was not brought.
    NotPending,
}

impl Faults {
    /// How many are counted as open at `now`.
    pub const fn open_at(&self, now: u64) -> u16 {
        if now < self.until { self.count } else { 0 }
    }

    /// One more, alleged at `now`. Saturates: beyond 65,535 some lapse instead of being closed.
    #[must_use]
    pub const fn opened(&self, now: u64) -> Self {
        Self {
            count: self.count.saturating_add(1),
            until: now.saturating_add(FAULT_SECS),
        }
    }

    /// One less: decided, or found to have lapsed.
    #[must_use]
    pub const fn closed(&self) -> Self {
        Self {
            count: self.count.saturating_sub(1),
            until: self.until,
        }
    }
}

impl Evidence {
    /// Brings new evidence against `validator` at `now`.
    ///
    /// - Errors: [`EvidenceError::Used`], [`EvidenceError::Pending`], [`EvidenceError::Lapsed`].
    pub const fn alleged(&self, validator: u32, now: u64) -> Result<Self, EvidenceError> {
        match *self {
            Self::Used => Err(EvidenceError::Used),
            Self::Alleged { until, .. } if now < until => Err(EvidenceError::Pending),
            Self::Alleged { .. } | Self::Lapsed { .. } => Err(EvidenceError::Lapsed),
            Self::New => Ok(Self::Alleged {
                validator,
                until: now.saturating_add(FAULT_SECS),
            }),
        }
    }

    /// Finds at `now` that it was not decided in time.
    ///
    /// - Returns: against whom it was brought; the allegation is no longer counted.
    /// - Errors: [`EvidenceError::NotLapsed`]; [`EvidenceError::NotPending`] if it is not before the
    ///   court.
    pub const fn lapses(&self, now: u64) -> Result<u32, EvidenceError> {
        match *self {
            Self::Alleged { until, .. } if now < until => Err(EvidenceError::NotLapsed { until }),
            Self::Alleged { validator, .. } => Ok(validator),
            Self::New | Self::Lapsed { .. } | Self::Used => Err(EvidenceError::NotPending),
        }
    }

    /// Convicts `validator` with it; evidence need not be alleged first.
    ///
    /// - Returns: whether this closes an allegation that is counted, lapsed or not.
    /// - Errors: [`EvidenceError::Used`], [`EvidenceError::AgainstAnother`].
    pub const fn convicts(&self, validator: u32) -> Result<bool, EvidenceError> {
        let (accused, closes) = match *self {
            Self::Used => return Err(EvidenceError::Used),
            Self::New => return Ok(false),
            Self::Alleged { validator, .. } => (validator, true),
            Self::Lapsed { validator } => (validator, false),
        };
        if accused != validator {
            return Err(EvidenceError::AgainstAnother { validator: accused });
        }
        Ok(closes)
    }

    /// Acquits `validator` of it.
    ///
    /// - Returns: as [`Self::convicts`].
    /// - Errors: [`EvidenceError`].
    pub const fn acquits(&self, validator: u32) -> Result<bool, EvidenceError> {
        match *self {
            Self::New => Err(EvidenceError::NotPending),
            Self::Alleged { .. } | Self::Lapsed { .. } | Self::Used => self.convicts(validator),
        }
    }
}
