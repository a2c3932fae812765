//! Stand-in until the codec's checkpoints come.
use ledger::{Ledger, Restorer};
pub(crate) fn write<E>(_ledger: &Ledger, _sink: impl FnMut(&str, &[u8]) -> Result<(), E>) -> Result<(), E> {
    Ok(())
}
pub(crate) fn read<E: std::fmt::Display>(meta: &[u8], _chunks: impl Iterator<Item = Result<Vec<u8>, E>>) -> Result<Ledger, String> {
    let meta = crate::codec::decode_meta(meta).map_err(|e| e.to_string())?;
    Ledger::restored(Restorer::new(&meta)).map_err(|e| e.to_string())
}
