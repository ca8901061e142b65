//! Where work runs that blocks: writes that wait for the disk, evaluations of many points.

use tokio::task::JoinError;

/// Where work runs that blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Blocking {
    /// On the runtime's threads for it, so that connections are served meanwhile.
    #[default]
    Threads,
    /// At once, where it is called. Nothing is reordered by chance: for simulation, on stores in memory.
    Inline,
}

impl Blocking {
    /// Runs `work`. An error says that it panicked on its thread; without threads the panic goes on.
    pub async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        match self {
            Self::Threads => tokio::task::spawn_blocking(work).await,
            Self::Inline => Ok(work()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn inline_stays_on_the_callers_thread() {
        let here = std::thread::current().id();
        let there = |blocking: Blocking| blocking.run(|| std::thread::current().id());
        assert_eq!(there(Blocking::Inline).await.unwrap(), here);
        assert_ne!(there(Blocking::Threads).await.unwrap(), here);
    }
}
