//! What a recording is and how long it lasts, read from its own bytes: neither a name, nor a media
//! type, nor a length that somebody claims is believed.
//!
//! The formats are those that WeChat's `RecorderManager` writes: mp3, aac (ADTS, or in an MPEG-4
//! container as iPhones write it) and wav. Its raw PCM has no header: nobody can tell it from noise,
//! and no phone plays it, so it is refused.

mod frames;
mod mp4;
mod riff;
#[cfg(test)]
mod tests;

use std::time::Duration;

/// How a recording is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// MPEG-1, -2 or -2.5 audio, layer III.
    Mp3,
    /// AAC frames with ADTS headers.
    Aac,
    /// AAC in an MPEG-4 container.
    M4a,
    /// Linear PCM in a RIFF container.
    Wav,
}

impl Format {
    /// Returns the media type under which it is played.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::Aac => "audio/aac",
            Self::M4a => "audio/mp4",
            Self::Wav => "audio/wav",
        }
    }

    /// Returns the usual ending of its file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Aac => "aac",
            Self::M4a => "m4a",
            Self::Wav => "wav",
        }
    }
}

/// A recording that can be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recording {
    pub format: Format,
    pub length: Duration,
}

/// Why bytes are no recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRecording {
    /// None of the formats.
    Unknown,
    /// It begins as one of them and does not go on as one.
    Broken,
}

impl NoRecording {
    /// Says it, and what to do.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Unknown => "只支持 mp3、aac、m4a、wav 格式的录音，请重新录音",
            Self::Broken => "录音文件不完整，请重新录音",
        }
    }
}

/// Reads what a recording is and measures it. Fails when it is none, or a broken one.
pub fn read(bytes: &[u8]) -> Result<Recording, NoRecording> {
    let (format, length) = if bytes.starts_with(b"RIFF") {
        (Format::Wav, riff::length(bytes))
    } else if bytes.get(4..8) == Some(b"ftyp") {
        (Format::M4a, mp4::length(bytes))
    } else {
        let sound = frames::skip_tags(bytes);
        match sound.first_chunk::<2>() {
            Some([0xFF, second]) if second & 0xF6 == 0xF0 => (Format::Aac, frames::aac(sound)),
            Some([0xFF, second]) if second & 0xE6 == 0xE2 => (Format::Mp3, frames::mp3(sound)),
            _ => return Err(NoRecording::Unknown),
        }
    };
    let length = length.filter(|length| !length.is_zero()).ok_or(NoRecording::Broken)?;
    Ok(Recording { format, length })
}

/// Divides so many samples by so many a second; `None` when there is no second.
fn seconds(samples: u64, rate: u32) -> Option<Duration> {
    let micros = samples.checked_mul(1_000_000)?.checked_div(u64::from(rate))?;
    Some(Duration::from_micros(micros))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}
