//! What wraps every peer call: the format, the cluster, its configuration, the caller and the data
//! it means to reach, so that no node ever acts on the word of another cluster's, or on one that
//! was meant for data it has lost.

use crate::error::PeerError;
use crate::member::{NodeId, Pact};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use prost::Message;

/// The number of the format; a node that does not know it refuses the call.
const FORMAT: u8 = 2;
const BYTES: usize = 1 + 16 + 32 + 8 + 16;

/// What a call says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// Who calls.
    pub from: NodeId,
    /// The data it means to reach; 0 where any will do.
    pub store: u128,
}

/// Wraps a message to a node with these data, or 0.
pub(crate) fn wrap(pact: &Pact, from: NodeId, store: u128, message: &impl Message) -> Bytes {
    let mut bytes = BytesMut::with_capacity(BYTES + message.encoded_len());
    bytes.put_u8(FORMAT);
    bytes.put_u128(pact.cluster);
    bytes.put_slice(&pact.fingerprint);
    bytes.put_u64(from.0);
    bytes.put_u128(store);
    message.encode_raw(&mut bytes);
    bytes.freeze()
}

/// The heading and the message's bytes.
///
/// # Errors
/// When the caller has nothing to say here.
pub(crate) fn unwrap(pact: &Pact, mut body: Bytes) -> Result<(Heading, Bytes), PeerError> {
    let malformed = |reason: &str| PeerError::Malformed { reason: reason.to_owned() };
    if body.len() < BYTES {
        return Err(malformed("it is shorter than its wrapping"));
    }
    if body.get_u8() != FORMAT {
        return Err(malformed("its format is unknown here: upgrade this node"));
    }
    if body.get_u128() != pact.cluster {
        return Err(PeerError::OtherCluster);
    }
    if body.split_to(32)[..] != pact.fingerprint {
        return Err(PeerError::OtherFingerprint);
    }
    let from = NodeId(body.get_u64());
    let store = body.get_u128();
    Ok((Heading { from, store }, body))
}

/// Reads a message.
///
/// # Errors
/// [`PeerError::Malformed`] when it is none.
pub(crate) fn read<M: Message + Default>(body: Bytes) -> Result<M, PeerError> {
    M::decode(body).map_err(|error| PeerError::Malformed { reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_cluster_is_heard() {
        let pact = Pact { cluster: 7, fingerprint: [1; 32] };
        let wrapped = wrap(&pact, NodeId(3), 5, &String::from("hello"));
        let (heading, body) = unwrap(&pact, wrapped.clone()).unwrap();
        assert_eq!(heading, Heading { from: NodeId(3), store: 5 });
        assert_eq!(read::<String>(body).unwrap(), "hello");
        let rows = [
            (Pact { cluster: 8, ..pact }, wrapped.clone(), "another cluster"),
            (Pact { fingerprint: [2; 32], ..pact }, wrapped.clone(), "cluster configuration"),
            (pact, wrapped.slice(..20), "shorter"),
            (pact, Bytes::from(vec![9; 80]), "format"),
        ];
        for (pact, bytes, expected) in rows {
            let error = unwrap(&pact, bytes).unwrap_err().to_string();
            assert!(error.contains(expected), "{error} does not say {expected}");
        }
    }
}
