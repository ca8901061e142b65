//! Clocks of members that do not agree.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tallystick::clock::{Clock, ManualClock, UnixTime};

/// A member's clock: the circle's, fast or slow by some seconds.
#[derive(Debug)]
pub(crate) struct SeatClock {
    shared: Arc<ManualClock>,
    off: AtomicI64,
}

impl SeatClock {
    pub(crate) fn of(shared: &Arc<ManualClock>) -> Self {
        Self { shared: Arc::clone(shared), off: AtomicI64::new(0) }
    }

    /// Sets by how many seconds it is fast.
    pub(crate) fn set_off(&self, seconds: i64) {
        self.off.store(seconds, Ordering::SeqCst);
    }
}

impl Clock for SeatClock {
    fn now(&self) -> UnixTime {
        self.shared.now().plus_seconds(self.off.load(Ordering::SeqCst))
    }

    fn elapsed(&self) -> Duration {
        self.shared.elapsed()
    }
}
