//! The envelope cryptography of WeChat's callbacks, free of any state or clock.
//!
//! Two traps live here. The key text carries stray bits in its last character, which a strict
//! base64 reader refuses. The padding counts to 32 although the cipher's block is 16, so a stock
//! PKCS7 reader fails on about every second message.

use aes::cipher::{Array, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, consts::U16};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq as _;

const KEY_TEXT_LENGTH: usize = 43;
const BLOCK: usize = 16;
const PAD_TO: usize = 32;
const RANDOM: usize = 16;
const HEAD: usize = RANDOM + 4;

const TRAILING_BITS_ALLOWED: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The key made of an `EncodingAESKey`.
#[derive(Clone)]
pub struct AesKey([u8; 32]);

/// Why an envelope could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Not base64, not whole blocks, bad padding, bad length or not UTF-8.
    #[error("the envelope is damaged or was sealed with another key")]
    Damaged,
    /// Sealed for another account.
    #[error("the envelope is meant for another account")]
    WrongApp,
}

impl AesKey {
    /// Parses the 43 characters shown in the account's settings; `None` when they are not that.
    pub fn parse(encoding_aes_key: &str) -> Option<Self> {
        if encoding_aes_key.len() != KEY_TEXT_LENGTH {
            return None;
        }
        let bytes = TRAILING_BITS_ALLOWED.decode(format!("{encoding_aes_key}=")).ok()?;
        bytes.try_into().ok().map(Self)
    }

    fn iv(&self) -> &[u8] {
        self.0.split_at(BLOCK).0
    }
}

/// Signs parts as WeChat does: sorted bytewise, joined, SHA-1, hex.
pub fn signature(parts: &[&str]) -> String {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    hex::encode(Sha1::digest(sorted.concat()))
}

/// Compares a signature in a time that says nothing about where it differs.
pub fn is_signed(claimed: &str, parts: &[&str]) -> bool {
    signature(parts).as_bytes().ct_eq(claimed.as_bytes()).into()
}

/// Opens an envelope that is sealed for `appid`. A name that was cut within a character is no reason to
/// lose the rest.
pub fn decrypt(key: &AesKey, sealed: &str, appid: &str) -> Result<String, EnvelopeError> {
    let mut bytes = STANDARD.decode(sealed.trim()).ok().ok_or(EnvelopeError::Damaged)?;
    unscramble(key, &mut bytes).ok_or(EnvelopeError::Damaged)?;
    let (message, receiver) = unpack(&bytes).ok_or(EnvelopeError::Damaged)?;
    if !bool::from(receiver.ct_eq(appid.as_bytes())) {
        return Err(EnvelopeError::WrongApp);
    }
    Ok(String::from_utf8_lossy(message).into_owned())
}

/// Seals `message` for `appid`. `random` must be new for each envelope.
pub fn encrypt(
    key: &AesKey,
    random: [u8; RANDOM],
    message: impl AsRef<[u8]>,
    appid: &str,
) -> String {
    let message = message.as_ref();
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(HEAD + message.len() + appid.len() + PAD_TO);
    bytes.extend_from_slice(&random);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(message);
    bytes.extend_from_slice(appid.as_bytes());
    let pad = PAD_TO - bytes.len() % PAD_TO;
    let filler = u8::try_from(pad).unwrap_or_default();
    bytes.resize(bytes.len() + pad, filler);
    if let Ok(mut cipher) = cbc::Encryptor::<aes::Aes256>::new_from_slices(&key.0, key.iv()) {
        blocks(&mut bytes).for_each(|block| cipher.encrypt_block(block));
    }
    STANDARD.encode(bytes)
}

fn unscramble(key: &AesKey, bytes: &mut [u8]) -> Option<()> {
    if bytes.is_empty() || !bytes.len().is_multiple_of(BLOCK) {
        return None;
    }
    let mut cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(&key.0, key.iv()).ok()?;
    blocks(bytes).for_each(|block| cipher.decrypt_block(block));
    Some(())
}

fn blocks(bytes: &mut [u8]) -> impl Iterator<Item = &mut Array<u8, U16>> {
    bytes.chunks_exact_mut(BLOCK).filter_map(|chunk| chunk.try_into().ok())
}

/// Takes the padding and the head off: message and receiver.
fn unpack(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let pad = *bytes.last()?;
    let kept = bytes.len().checked_sub(usize::from(pad))?;
    let (content, padding) = bytes.split_at_checked(kept)?;
    if !(1..=PAD_TO).contains(&padding.len()) || padding.iter().any(|byte| *byte != pad) {
        return None;
    }
    let (head, rest) = content.split_at_checked(HEAD)?;
    let length = u32::from_be_bytes(head.get(RANDOM..)?.try_into().ok()?);
    rest.split_at_checked(usize::try_from(length).ok()?)
}
