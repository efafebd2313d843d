//! Threads that survive a fork.
//!
//! Input: how many threads. Output: [`Pool::run`]. Contract: work runs on that many threads, on the calling one
//! alone where that is 1. A process made by fork has none of its parent's threads, and notebooks fork: the pool
//! belongs to the process that built it, and a child builds its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

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
    /// of its own from `begin`. What each gives goes to `keep` on the calling thread, in the order in which they end;
    /// its error stops the work, and is returned once the pieces under way are done.
    pub fn each<S, R: Send, E>(
        &self,
        places: &[usize],
        begin: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, usize) -> R + Sync,
        mut keep: impl FnMut(usize, R) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let pool = if self.threads == 1 || places.len() < 2 { None } else { self.built() };
        let Some(pool) = pool else {
            let mut memory = begin();
            return places.iter().try_for_each(|&place| keep(place, work(&mut memory, place)));
        };
        let next = AtomicUsize::new(0);
        let thread = |sender: Sender<(usize, R)>| {
            let mut memory = begin();
            while let Some(&place) = places.get(next.fetch_add(1, Ordering::Relaxed)) {
                if sender.send((place, work(&mut memory, place))).is_err() {
                    break;
                }
            }
        };
        pool.in_place_scope(|scope| {
            let (sender, receiver) = channel();
            for _ in 0..self.threads.min(places.len()) {
                let sender = sender.clone();
                scope.spawn(|_| thread(sender));
            }
            drop(sender);
            // Dropping the receiver stops the threads.
            receiver.into_iter().try_for_each(|(place, result)| keep(place, result))
        })
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
