//! Which process of this machine has the other end of a connection.

use std::fs;
use std::net::SocketAddr;

/// The process among these which connected from `peer` to `here`: its place in the list. None once
/// it has gone.
pub(super) fn find(peer: SocketAddr, here: SocketAddr, processes: &[u32]) -> Option<usize> {
    let socket = format!("socket:[{}]", inode(peer, here)?);
    processes.iter().position(|process| {
        let open = fs::read_dir(format!("/proc/{process}/fd"));
        open.into_iter().flatten().flatten().any(|entry| {
            fs::read_link(entry.path()).is_ok_and(|link| link.as_os_str() == socket.as_str())
        })
    })
}

/// The system's number of the socket that lies at one address and is connected to the other.
fn inode(local: SocketAddr, remote: SocketAddr) -> Option<u64> {
    let (local, remote) = (as_listed(local)?, as_listed(remote)?);
    let sockets = fs::read_to_string("/proc/net/tcp").ok()?;
    let columns = |line: &str| {
        let mut columns = line.split_whitespace();
        let ends = (columns.nth(1)?.to_owned(), columns.next()?.to_owned());
        (ends == (local.clone(), remote.clone())).then(|| columns.nth(6)?.parse().ok())?
    };
    sockets.lines().skip(1).find_map(columns)
}

/// An address as the system lists it: the bytes of the host in the machine's order, all in
/// hexadecimal.
fn as_listed(address: SocketAddr) -> Option<String> {
    let SocketAddr::V4(address) = address else { return None };
    let host = u32::from_ne_bytes(address.ip().octets());
    Some(format!("{host:08X}:{:04X}", address.port()))
}
