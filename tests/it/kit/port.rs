//! Ports for processes that are stopped and started again while others look for ports of their own.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

/// Draws an address below the range that the kernel hands out by itself: nobody gets it between this
/// look and the bind of whoever it is for, nor while that process is down. No address is drawn twice
/// by one test program.
pub fn free() -> SocketAddr {
    static DRAWN: AtomicU32 = AtomicU32::new(0);
    let mut drawn = std::iter::repeat_with(|| {
        let mix = std::process::id() * 97 + DRAWN.fetch_add(1, Ordering::SeqCst) * 13;
        SocketAddr::from((Ipv4Addr::LOCALHOST, u16::try_from(12_000 + mix % 8_000).unwrap()))
    });
    drawn.find(|address| TcpListener::bind(address).is_ok()).unwrap()
}
