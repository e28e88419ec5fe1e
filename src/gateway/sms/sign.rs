//! Signs a call to Tencent Cloud's API 3.0: `TC3-HMAC-SHA256`.
//!
//! A digest of the call is signed with a key that is derived from the secret for one day and one
//! product, so that a key that leaks opens little.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const TERMINATOR: &str = "tc3_request";

/// What is signed: a POST to `/` without query.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The product, the first part of its domain.
    pub service: &'a str,
    /// Names in lower case and in order, with their values in lower case.
    pub headers: &'a [(&'a str, &'a str)],
    pub payload: &'a [u8],
    /// Seconds since 1970.
    pub at: i64,
}

impl Call<'_> {
    /// Returns the `Authorization` header of the call.
    pub fn authorization(&self, secret_id: &str, secret_key: &SecretString) -> String {
        let signed = self.signed_headers();
        let signature = self.signature(&self.day_key(secret_key));
        let scope = self.scope();
        format!(
            "{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={signed}, Signature={signature}"
        )
    }

    fn signed_headers(&self) -> String {
        self.headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";")
    }

    /// The day in UTC; a time that no calendar holds signs for no day and is refused.
    fn date(&self) -> String {
        let at = jiff::Timestamp::from_second(self.at).unwrap_or_default();
        at.strftime("%Y-%m-%d").to_string()
    }

    fn scope(&self) -> String {
        format!("{}/{}/{TERMINATOR}", self.date(), self.service)
    }

    fn canonical(&self) -> String {
        let headers: Vec<String> =
            self.headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let headers = headers.concat();
        format!("POST\n/\n\n{headers}\n{}\n{}", self.signed_headers(), digest(self.payload))
    }

    fn day_key(&self, secret_key: &SecretString) -> [u8; 32] {
        let secret = format!("TC3{}", secret_key.expose_secret());
        let day = keyed(secret.as_bytes(), &self.date());
        keyed(&keyed(&day, self.service), TERMINATOR)
    }

    fn signature(&self, key: &[u8; 32]) -> String {
        let call = digest(self.canonical().as_bytes());
        hex::encode(keyed(key, &format!("{ALGORITHM}\n{}\n{}\n{call}", self.at, self.scope())))
    }
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn keyed(key: &[u8], text: &str) -> [u8; 32] {
    // A key of any length is good for HMAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the published description of the signature.
    const PAYLOAD: &[u8] = br#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#;
    const HEADERS: [(&str, &str); 3] = [
        ("content-type", "application/json; charset=utf-8"),
        ("host", "cvm.tencentcloudapi.com"),
        ("x-tc-action", "describeinstances"),
    ];

    fn call(headers: &'static [(&'static str, &'static str)]) -> Call<'static> {
        Call { service: "cvm", headers, payload: PAYLOAD, at: 1_551_113_065 }
    }

    #[test]
    fn the_published_example_with_its_whole_key_is_signed_alike() {
        let key = SecretString::from("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE");
        let signed =
            call(&HEADERS[..2]).authorization("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", &key);
        assert_eq!(
            signed,
            "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, \
             SignedHeaders=content-type;host, \
             Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
        );
    }

    #[test]
    fn the_newer_published_example_is_signed_alike_from_its_derived_key() {
        let call = call(&HEADERS);
        assert_eq!(
            digest(PAYLOAD),
            "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064"
        );
        let canonical = digest(call.canonical().as_bytes());
        assert_eq!(canonical, "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84");
        let key = "b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af";
        let key: [u8; 32] = hex::decode(key).unwrap().try_into().unwrap();
        assert_eq!(
            call.signature(&key),
            "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
        );
    }
}
