//! A wire to a server that can go dead: nothing comes through any more, and nobody hears an end.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Carries connections to a server until it is dropped.
pub struct Wire {
    pub address: SocketAddr,
    /// How often it has gone dead.
    deaths: watch::Sender<u32>,
}

impl Wire {
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (deaths, dead) = watch::channel(0);
        let mut over = deaths.subscribe();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    accepted = listener.accept() => {
                        tokio::spawn(carry(accepted.unwrap().0, server, dead.clone()));
                    }
                    gone = over.changed() => if gone.is_err() { return },
                }
            }
        });
        Self { address, deaths }
    }

    /// The machine at the other end vanishes, and another one is at once what it was: whoever dials
    /// anew is connected, and every connection of now stays open and carries nothing.
    pub fn vanish(&self) {
        self.deaths.send_modify(|deaths| *deaths += 1);
    }
}

async fn carry(mut near: TcpStream, server: SocketAddr, mut dead: watch::Receiver<u32>) {
    dead.mark_unchanged();
    let mut far = TcpStream::connect(server).await.unwrap();
    let died = tokio::select! {
        died = dead.changed() => died.is_ok(),
        _ended = copy_bidirectional(&mut near, &mut far) => false,
    };
    if died {
        drop(far);
        // Kept open until the test is over.
        while dead.changed().await.is_ok() {}
    }
}
