//! Panics of this thread, in whatever task: nothing that a run does may panic, and the runtime ends
//! such a task without a word.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

static HOOK: Once = Once::new();

/// Counts from nothing.
pub fn begin() {
    HOOK.call_once(|| {
        let former = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            COUNT.set(COUNT.get() + 1);
            former(panic);
        }));
    });
    COUNT.set(0);
}

/// How many there were since.
pub fn count() -> u64 {
    COUNT.get()
}
