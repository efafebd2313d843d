//! Threads that survive a fork.
//!
//! Input: how many threads. Output: [`Pool::run`]. Contract: work runs on that many threads, on the calling one
//! alone where that is 1. A process made by fork has none of its parent's threads, and notebooks fork: the pool
//! belongs to the process that built it, and a child builds its own, whatever the parent's threads were at.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::thread;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::cancel::{self, Token};
use crate::error::{Error, Result};

/// The variable that says how many threads to use where the caller does not.
pub const VARIABLE: &str = "MARSAD_NUM_THREADS";

/// How often a lock is tried that is held for moments: far more often than all threads of a machine hold it.
const PATIENCE: usize = 10_000;

/// A number of threads, started when first needed.
#[derive(Debug)]
pub struct Pool {
    threads: usize,
    built: Mutex<Option<(u32, Arc<ThreadPool>)>>,
}

impl Pool {
    /// A pool of `threads`; none means as many as the variable says, or as there are cores.
    pub fn new(threads: Option<usize>) -> Result<Self> {
        let accepted = "a whole number from 1 up is due";
        let threads = match (threads, std::env::var(VARIABLE)) {
            (Some(0), _) => return Err(Error::option("threads", "0", format!("{accepted}, or None for all cores"))),
            (Some(threads), _) => threads,
            (None, Ok(value)) => value
                .parse()
                .ok()
                .filter(|&threads| threads > 0)
                .ok_or_else(|| Error::option(VARIABLE, format!("{value:?}"), accepted))?,
            (None, Err(_)) => std::thread::available_parallelism().map_or(1, usize::from),
        };
        Ok(Self { threads, built: Mutex::new(None) })
    }

    /// How many threads there are.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Runs `work`, in which rayon's parallel iterators use this pool's threads.
    pub fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match self.built() {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// Does pieces of work in the order in which `places` names them, as threads become free, each thread with memory
    /// of its own from `begin`. What each gives goes to `keep` on the calling thread, in the order in which they end.
    pub fn each<S, R: Send>(
        &self,
        places: &[usize],
        begin: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, usize) -> R + Sync,
        mut keep: impl FnMut(usize, R),
    ) {
        let pool = if self.threads == 1 || places.len() < 2 { None } else { self.built() };
        let Some(pool) = pool else {
            let mut memory = begin();
            for &place in places {
                cancel::point();
                keep(place, work(&mut memory, place));
            }
            return;
        };
        let next = AtomicUsize::new(0);
        let token = Token::current();
        let thread = |sender: Sender<(usize, R)>| {
            let mut memory = begin();
            while let Some(&place) = places.get(next.fetch_add(1, Ordering::Relaxed)) {
                cancel::point();
                if sender.send((place, work(&mut memory, place))).is_err() {
                    break;
                }
            }
        };
        pool.in_place_scope(|scope| {
            let (sender, receiver) = channel();
            for _ in 0..self.threads.min(places.len()) {
                let sender = sender.clone();
                scope.spawn(|_| token.within(|| thread(sender)));
            }
            drop(sender);
            // What unwinds a thread drops its sender, and goes on here at the end of the scope.
            receiver.into_iter().for_each(|(place, result)| keep(place, result));
        });
    }

    fn built(&self) -> Option<Arc<ThreadPool>> {
        let process = std::process::id();
        let known = |built: &Option<(u32, Arc<ThreadPool>)>| match built {
            Some((owner, pool)) if *owner == process => Some(Arc::clone(pool)),
            _ => None,
        };
        if let Some(pool) = known(&*soon(&self.built)?) {
            return Some(pool);
        }
        // Not under the lock, which a fork would copy while it is held, for as long as the child lives.
        let pool = ThreadPoolBuilder::new().num_threads(self.threads).thread_name(|n| format!("marsad-{n}")).build();
        let pool = Arc::new(pool.ok()?);
        let mut built = soon(&self.built)?;
        // Another thread may have been quicker.
        if let Some(pool) = known(&built) {
            return Some(pool);
        }
        // Dropping the parent's pool would wait for threads that this process does not have.
        std::mem::forget(built.replace((process, Arc::clone(&pool))));
        Some(pool)
    }
}

/// A lock that is held for moments alone. None where it is held for ever, which a fork at such a moment leaves behind:
/// what holds it is not in this process.
pub(super) fn soon<T>(lock: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    for _ in 0..PATIENCE {
        match lock.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => thread::yield_now(),
        }
    }
    None
}
