//! The client's address; `X-Forwarded-For` is believed only when a trusted proxy sent it.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use crate::config::Network;

/// The proxies whose word counts; registered as app data.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(pub Vec<Network>);

/// Where a request came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub Option<IpAddr>);

impl ClientIp {
    /// Returns the key under which limits count this client.
    pub fn key(self) -> String {
        self.0.map_or_else(|| "unknown".to_owned(), |ip| ip.to_string())
    }
}

impl FromRequest for ClientIp {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let trusted = request.app_data::<web::Data<TrustedProxies>>();
        let none = TrustedProxies::default();
        let trusted = trusted.map_or(&none, |data| data.as_ref());
        let peer = request.peer_addr().map(|peer| peer.ip());
        let forwarded: Vec<&str> = request
            .headers()
            .get_all("x-forwarded-for")
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        ready(Ok(Self(peer.map(|peer| client(peer, &forwarded, trusted)))))
    }
}

/// Walks from the nearest hop outwards and stops at the first address that is no trusted proxy:
/// whatever stands further left was written by the client himself.
fn client(peer: IpAddr, forwarded: &[&str], trusted: &TrustedProxies) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.0.iter().any(|network| network.contains(ip));
    let mut nearest = peer;
    for hop in forwarded.iter().rev() {
        if !is_trusted(nearest) {
            return nearest;
        }
        match hop.trim().parse() {
            Ok(ip) => nearest = ip,
            Err(_) => return nearest,
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::parse_network;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let trusted = TrustedProxies(trusted.iter().filter_map(|t| parse_network(t)).collect());
        client(peer.parse().unwrap(), forwarded, &trusted).to_string()
    }

    #[test]
    fn a_forwarded_address_counts_only_behind_a_trusted_proxy() {
        assert_eq!(seen("9.9.9.9", &["1.1.1.1"], &[]), "9.9.9.9");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1"], &["10.0.0.0/8"]), "1.1.1.1");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6", "1.1.1.1"], &["10.0.0.0/8"]), "1.1.1.1");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1", "10.0.0.2"], &["10.0.0.0/8"]), "1.1.1.1");
        assert_eq!(seen("10.0.0.1", &["nonsense"], &["10.0.0.0/8"]), "10.0.0.1");
    }
}
