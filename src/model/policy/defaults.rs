//! Every default of a policy, in one place.

use super::{
    AuditPolicy, ConsentPolicy, DisputePolicy, FeedPolicy, FreshnessPolicy, HolderPolicy, InquiryPolicy,
    LenderNames, LogPolicy, MarketPolicy, QuotaPolicy, RetentionPolicy,
};

/// Identifiers to which a look-up is padded: most people carry one or two, few more than four.
pub(super) fn identifiers_padded_to() -> usize {
    4
}

/// The usual bound of agreement among `witnesses` of which a third may be wrong: 1 + floor(2n/3).
pub fn quorum_of(witnesses: u32) -> u32 {
    // In 64 bits, for twice a count may not fit 32.
    let two_thirds = 2 * u64::from(witnesses) / 3;
    u32::try_from(1 + two_thirds).unwrap_or(u32::MAX)
}

impl Default for FreshnessPolicy {
    fn default() -> Self {
        Self { stale_after_days: 35, missing_after_seconds: 24 * 3_600 }
    }
}

impl Default for ConsentPolicy {
    fn default() -> Self {
        let purposes =
            ["loan-application", "loan-monitoring", "guarantee", "restructuring", "subject-access"];
        Self {
            uses_max: 1,
            period_days_max: 90,
            purposes: purposes.map(str::to_owned).to_vec(),
            notices: Vec::new(),
            grounds: Vec::new(),
        }
    }
}

impl Default for InquiryPolicy {
    fn default() -> Self {
        Self {
            footprint_days: 180,
            opening_size_classes: vec![16, 32, 64, 128, 256, 512],
            lender_names: LenderNames::Masked,
        }
    }
}

impl Default for QuotaPolicy {
    fn default() -> Self {
        Self {
            inquiry_points_per_day: 200_000,
            reporting_points_per_day: 200_000,
            unpublished_points: 5_000,
            unpublished_days: 30,
            points_per_consent: 2_048,
            inquiries_per_day: 2_000,
        }
    }
}

impl Default for LogPolicy {
    fn default() -> Self {
        Self { skew_seconds: 900, quorum: None, quorum_age_seconds_max: 3_600, audit_days: 1_095 }
    }
}

impl Default for AuditPolicy {
    fn default() -> Self {
        Self { retention_days: 3_650, approvals: 2 }
    }
}

impl Default for FeedPolicy {
    fn default() -> Self {
        Self { batch_interval_seconds: 60, state_interval_seconds: 900 }
    }
}

impl Default for HolderPolicy {
    fn default() -> Self {
        Self { isolation_seconds_max: 3_600 }
    }
}

impl Default for RetentionPolicy {
    fn default() -> Self {
        Self { positive_days: 3_650, negative_days: 1_095, tombstone_days: 400 }
    }
}

impl Default for DisputePolicy {
    fn default() -> Self {
        Self { lender_days: 21, total_days: 30 }
    }
}

impl Default for MarketPolicy {
    fn default() -> Self {
        Self { epsilon_thousandths: 500, epsilon_yearly_thousandths: 6_000, small_cell: 10 }
    }
}
