//! How often somebody may: one budget for everybody, and one for each caller.

use crate::complaint::Complaint;
use crate::connections::Visitor;
use crate::limits::{CALLERS_MAX, CALLERS_TIDY_INTERVAL};
use crate::settings::{Budget, Settings};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Who is counted: an address, until identity exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Caller(IpAddr);

impl Caller {
    /// Who came by a connection; all whose address is not known are one.
    pub fn of(visitor: Option<&Visitor>) -> Self {
        let address = visitor.and_then(|visitor| visitor.address);
        address.map_or(Self::UNKNOWN, |address| Self(address.ip()))
    }

    const UNKNOWN: Self = Self(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
}

/// The budgets of everybody.
pub(crate) struct Budgets {
    clock: DefaultClock,
    all: DefaultDirectRateLimiter,
    callers: DefaultKeyedRateLimiter<Caller>,
    tidied: Mutex<Instant>,
}

impl Budgets {
    /// Full budgets.
    pub fn new(settings: &Settings) -> Self {
        Self {
            clock: DefaultClock::default(),
            all: RateLimiter::direct(quota(settings.budget)),
            callers: RateLimiter::keyed(quota(settings.budget_per_caller)),
            tidied: Mutex::new(Instant::now()),
        }
    }

    /// Takes this many commands from the caller's budget and from everybody's.
    pub fn take(&self, caller: Caller, commands: u32) -> Result<(), Complaint> {
        let Some(commands) = NonZeroU32::new(commands) else {
            return Ok(());
        };
        self.tidy();
        // A new caller beyond the bound shares one budget with the others of its kind.
        let full = self.callers.len() >= CALLERS_MAX;
        let caller = if full { Caller::UNKNOWN } else { caller };
        let never = |_| Complaint::RateLimited { retry_after: Duration::from_secs(1) };
        let wait = |from| Complaint::RateLimited { retry_after: from };
        self.all
            .check_n(commands)
            .map_err(never)?
            .map_err(|not| wait(not.wait_time_from(self.clock.now())))?;
        self.callers
            .check_key_n(&caller, commands)
            .map_err(never)?
            .map_err(|not| wait(not.wait_time_from(self.clock.now())))
    }

    /// Forgets callers whose budget is full again, now and then: the table would only grow.
    fn tidy(&self) {
        let Ok(mut tidied) = self.tidied.try_lock() else {
            return;
        };
        if tidied.elapsed() >= CALLERS_TIDY_INTERVAL {
            *tidied = Instant::now();
            self.callers.retain_recent();
            self.callers.shrink_to_fit();
        }
    }
}

fn quota(budget: Budget) -> Quota {
    Quota::per_second(budget.per_second).allow_burst(budget.burst)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_ends_for_one_caller_and_for_all() {
        let small = |commands| Budget::per_second(NonZeroU32::new(commands).expect("not zero"));
        let budgets = Budgets::new(&Settings {
            budget: small(10),
            budget_per_caller: small(4),
            ..Settings::default()
        });
        let caller = |last| Caller(IpAddr::from([127, 0, 0, last]));
        let limited = |result| matches!(result, Err(Complaint::RateLimited { .. }));
        assert_eq!(budgets.take(caller(1), 4), Ok(()));
        assert!(limited(budgets.take(caller(1), 1)));
        assert_eq!(budgets.take(caller(2), 4), Ok(()));
        assert!(limited(budgets.take(caller(3), 4)), "everybody's budget is used up");
        assert_eq!(budgets.take(caller(1), 0), Ok(()));
    }
}
