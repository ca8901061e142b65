//! The second pass: what was laid aside goes into the book.

use super::{ImportError, ImportPhase, ImportProgress};
use crate::book::{LoadEntry, LoadState};
use crate::limits::{LOAD_PAGE_LOANS, LOADS_UNDOABLE_MAX};
use crate::model::leaf::LoadDecision;
use crate::node::Node;

impl Node {
    /// Takes the pages of a load into the book from where it stopped, closes what it leaves out, and logs it.
    pub(super) fn apply(
        &self,
        mut entry: LoadEntry,
        progress: &mut dyn FnMut(ImportProgress),
    ) -> Result<LoadEntry, ImportError> {
        let number = entry.load.number;
        let closes = !entry.stage.closing.is_empty();
        let mut named = Vec::new();
        for page in 0..entry.stage.pages {
            let is_in_book = page < entry.stage.applied;
            if is_in_book && !closes {
                continue;
            }
            let loans = self.book.held(number, page)?;
            if closes {
                named.extend(self.book.keys_of(&loans));
            }
            if !is_in_book {
                self.book.upsert_page(loans, &mut entry, &*self.entropy)?;
                self.pending.notify_one();
                tell(progress, ImportPhase::Loading, &entry);
            }
        }
        if closes {
            tell(progress, ImportPhase::Closing, &entry);
            named.sort_unstable();
            self.book.close_missing(&named, &mut entry, &*self.entropy)?;
            self.pending.notify_one();
        }
        entry.load.state = LoadState::Loaded;
        let entry = self.decide(entry, LoadDecision::Loaded, true)?;
        // Nothing rests on this; what a crash leaves is forgotten with the next load.
        let oldest = number.saturating_sub(LOADS_UNDOABLE_MAX - 1);
        self.book.forget_undo(oldest)?;
        self.book.forget_rejects(oldest)?;
        Ok(entry)
    }

    /// Brings every load to its end that was interrupted, and forgets those whose file was not read to its end. Gives
    /// the numbers of the loads finished or undone. To be called when a node starts; every load begins with it too.
    pub fn finish_loads(&self) -> Result<Vec<u64>, ImportError> {
        let _loading = self.book.loading().ok_or(ImportError::Busy)?;
        self.finish_interrupted(&mut |_| ())
    }

    /// The same, for a caller that holds the book's loading guard.
    pub(super) fn finish_interrupted(
        &self,
        progress: &mut dyn FnMut(ImportProgress),
    ) -> Result<Vec<u64>, ImportError> {
        let mut finished = Vec::new();
        for entry in self.book.load_entries()? {
            let number = entry.load.number;
            match entry.load.state {
                LoadState::Reading => self.book.drop_load(number)?,
                LoadState::Loading => {
                    self.apply(entry, progress)?;
                    finished.push(number);
                }
                LoadState::Undoing => {
                    self.take_out(entry)?;
                    finished.push(number);
                }
                LoadState::Held | LoadState::Loaded | LoadState::Undone | LoadState::Discarded => {}
            }
        }
        Ok(finished)
    }
}

fn tell(progress: &mut dyn FnMut(ImportProgress), phase: ImportPhase, entry: &LoadEntry) {
    let page = LOAD_PAGE_LOANS as u64;
    progress(ImportProgress {
        phase,
        bytes: 0,
        rows: (entry.stage.applied * page).min(entry.load.good),
        rows_of: Some(entry.load.good),
        rejected: entry.load.rejected,
    });
}
