//! Calling off long work.
//!
//! Input: work, and a question to ask while it goes on. Output: what the work gives, or the answer that called it off.
//! Contract: the question is asked every 50 ms on the calling thread; work that is called off ends at its next
//! [`point`] by unwinding, without a message, and has let go of all that it borrowed when [`watch`] returns. Stages
//! need no signature for it, as in salsa, which calls off queries so.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How long the calling thread waits from one question to the next.
const EVERY: Duration = Duration::from_millis(50);

thread_local! {
    static CURRENT: RefCell<Option<Token>> = const { RefCell::new(None) };
}

/// What work that is called off unwinds with.
struct Cancelled;

/// Whether work is to go on; the threads that share in it share this.
#[derive(Debug, Clone, Default)]
pub struct Token(Arc<AtomicBool>);

impl Token {
    /// The token of the work that this thread does; one that nobody cancels where nothing is watched.
    pub fn current() -> Self {
        CURRENT.with_borrow(Clone::clone).unwrap_or_default()
    }

    /// Calls the work off.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Does work on this thread that this token calls off.
    pub fn within<R>(&self, work: impl FnOnce() -> R) -> R {
        struct Before(Option<Token>);
        impl Drop for Before {
            fn drop(&mut self) {
                CURRENT.set(self.0.take());
            }
        }
        let _before = Before(CURRENT.replace(Some(self.clone())));
        work()
    }
}

/// A place where work may end; long loops have one every few thousand steps.
#[inline]
pub fn point() {
    let called_off = CURRENT.with_borrow(|token| token.as_ref().is_some_and(|token| token.0.load(Ordering::Relaxed)));
    if called_off {
        resume_unwind(Box::new(Cancelled));
    }
}

/// A point at every `1 << 12`th step of a loop.
#[inline]
pub fn step(place: usize) {
    if place & 0xFFF == 0xFFF {
        point();
    }
}

/// Does `work` on another thread, and asks meanwhile; an error of `ask` calls the work off and is returned.
pub fn watch<R: Send, E>(
    work: impl FnOnce() -> R + Send,
    mut ask: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<R, E> {
    let token = Token::default();
    // Taken by the other thread, or by this one where the system gives no other.
    let work = Mutex::new(Some(work));
    let take = || work.lock().unwrap_or_else(PoisonError::into_inner).take();
    thread::scope(|scope| {
        let (sender, receiver) = channel::<()>();
        let (token, take) = (&token, &take);
        let run = move || {
            let _until_the_end = sender;
            let work = take()?;
            Some(token.within(|| catch_unwind(AssertUnwindSafe(work))))
        };
        let ended = match thread::Builder::new().name("marsad-work".into()).spawn_scoped(scope, run) {
            Ok(thread) => {
                let mut answer = Ok(());
                while let Err(RecvTimeoutError::Timeout) = receiver.recv_timeout(EVERY) {
                    answer = ask();
                    if answer.is_err() {
                        token.cancel();
                        break;
                    }
                }
                let ended = thread.join().unwrap_or_else(|panic| resume_unwind(panic));
                (ended, answer)
            }
            Err(_) => (take().map(|work| catch_unwind(AssertUnwindSafe(work))), Ok(())),
        };
        match ended {
            (Some(Err(panic)), answer) if panic.is::<Cancelled>() => {
                Err(answer.expect_err("nothing but an answer cancels the token"))
            }
            (Some(Err(panic)), _) => resume_unwind(panic),
            (Some(Ok(result)), answer) => answer.map(|()| result),
            (None, _) => unreachable!("one thread takes the work"),
        }
    })
}
