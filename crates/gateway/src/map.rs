//! Where services stand, for searches.

use crate::limits::MAP_AGE_MAX;
use ledger::View;
use router::Atlas;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;
use tokio::sync::Mutex;

/// Where services stand, drawn again when the catalogue has changed.
#[derive(Default)]
pub(crate) struct Map {
    drawn: RwLock<Option<(Instant, Arc<Atlas>)>>,
    drawing: Mutex<()>,
}

impl Map {
    /// The map for a view. During an import it may be a moment behind; what has closed meanwhile
    /// is seen in the view.
    pub async fn of(&self, view: &Arc<View>) -> Arc<Atlas> {
        if let Some(atlas) = self.fresh(view) {
            return atlas;
        }
        let _one_at_a_time = self.drawing.lock().await;
        if let Some(atlas) = self.fresh(view) {
            return atlas;
        }
        let seen = Arc::clone(view);
        let drawn = tokio::task::spawn_blocking(move || Atlas::draw(&seen)).await;
        let atlas = Arc::new(drawn.unwrap_or_default());
        let mut slot = self.drawn.write().unwrap_or_else(PoisonError::into_inner);
        *slot = Some((Instant::now(), Arc::clone(&atlas)));
        atlas
    }

    fn fresh(&self, view: &View) -> Option<Arc<Atlas>> {
        let drawn = self.drawn.read().unwrap_or_else(PoisonError::into_inner);
        let (at, atlas) = drawn.as_ref()?;
        let current = atlas.revision() == view.catalogue_revision();
        (current || at.elapsed() < MAP_AGE_MAX).then(|| Arc::clone(atlas))
    }
}
