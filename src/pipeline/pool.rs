//! Threads that survive a fork.
//!
//! Input: how many threads. Output: [`Pool::run`]. Contract: work runs on that many threads, on the calling one
//! alone where that is 1. A process made by fork has none of its parent's threads, and notebooks fork: the pool
//! belongs to the process that built it, and a child builds its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::cancel::{self, Token};
use crate::error::{Error, Result};

/// The variable that says how many threads to use where the caller does not.
pub const VARIABLE: &str = "MARSAD_NUM_THREADS";

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
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pool)) = built.as_ref().filter(|(owner, _)| *owner == process) {
            return Some(Arc::clone(pool));
        }
        let pool = ThreadPoolBuilder::new().num_threads(self.threads).thread_name(|n| format!("marsad-{n}")).build();
        let pool = Arc::new(pool.ok()?);
        // Dropping the parent's pool would wait for threads that this process does not have.
        std::mem::forget(built.replace((process, Arc::clone(&pool))));
        Some(pool)
    }
}
