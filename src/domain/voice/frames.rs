//! Streams of frames that each say how long they are: mp3 (ISO/IEC 11172-3, 13818-3) and ADTS
//! (ISO/IEC 13818-7). The length is the sum of the frames that are there; bytes between two frames
//! are no recording, so nothing can be hidden in one.

use std::time::Duration;

/// Bit rates of layer III in kbit/s by the four bits of the header; zero: not allowed.
const RATES_1: [u32; 16] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
const RATES_2: [u32; 16] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
/// Samples a second of MPEG-1; MPEG-2 has half, MPEG-2.5 a quarter.
const SAMPLES: [u32; 3] = [44_100, 48_000, 32_000];
/// Samples a second of AAC by the four bits of the header.
const AAC_SAMPLES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];
/// The tag that `ID3v1` puts at the end.
const TAIL: usize = 128;

/// One frame as its header describes it.
#[derive(Clone, Copy, Debug)]
struct Frame {
    bytes: usize,
    samples: u64,
    rate: u32,
}

/// Skips the `ID3v2` tags before the sound.
pub(super) fn skip_tags(mut bytes: &[u8]) -> &[u8] {
    while let (true, Some(size)) = (bytes.starts_with(b"ID3"), bytes.get(6..10)) {
        // Four times seven bits.
        let size = size.iter().fold(0_usize, |sum, part| (sum << 7) | usize::from(part & 0x7F));
        bytes = bytes.get(size.saturating_add(10)..).unwrap_or_default();
    }
    bytes
}

/// Measures a stream of mp3 frames; `None` when it is not one from end to end.
pub(super) fn mp3(bytes: &[u8]) -> Option<Duration> {
    walk(bytes, mp3_frame)
}

/// Measures a stream of ADTS frames; `None` when it is not one from end to end.
pub(super) fn aac(bytes: &[u8]) -> Option<Duration> {
    walk(bytes, aac_frame)
}

fn walk(mut bytes: &[u8], header: fn(&[u8]) -> Option<Frame>) -> Option<Duration> {
    let (mut samples, mut rate) = (0_u64, None);
    while !is_end(bytes) {
        let frame = header(bytes)?;
        // One recorder, one rate.
        if *rate.get_or_insert(frame.rate) != frame.rate {
            return None;
        }
        let Some(rest) = bytes.get(frame.bytes..) else { break };
        samples = samples.checked_add(frame.samples)?;
        bytes = rest;
    }
    super::seconds(samples, rate?)
}

fn is_end(bytes: &[u8]) -> bool {
    bytes.is_empty() || (bytes.len() == TAIL && bytes.starts_with(b"TAG"))
}

fn mp3_frame(bytes: &[u8]) -> Option<Frame> {
    let &[sync, second, third, _] = bytes.first_chunk::<4>()?;
    let layer_three = sync == 0xFF && second & 0xE6 == 0xE2;
    let (divisor, rates, samples, factor) = match (second >> 3) & 3 {
        3 => (1, RATES_1, 1_152, 144),
        2 => (2, RATES_2, 576, 72),
        0 => (4, RATES_2, 576, 72),
        _ => return None,
    };
    let kilobits = *rates.get(usize::from(third >> 4)).filter(|rate| layer_three && **rate > 0)?;
    let rate = SAMPLES.get(usize::from((third >> 2) & 3))? / divisor;
    let padding = u32::from((third >> 1) & 1);
    let length = (factor * kilobits * 1_000).checked_div(rate)? + padding;
    Some(Frame { bytes: usize::try_from(length).ok()?, samples, rate })
}

fn aac_frame(bytes: &[u8]) -> Option<Frame> {
    let &[sync, second, third, fourth, fifth, sixth, seventh] = bytes.first_chunk::<7>()?;
    let rate = AAC_SAMPLES.get(usize::from((third >> 2) & 0xF));
    let rate = *rate.filter(|_| sync == 0xFF && second & 0xF6 == 0xF0)?;
    let length = usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth >> 5);
    // Shorter than its own header: it would be read for ever.
    let length = Some(length).filter(|length| *length > 7)?;
    Some(Frame { bytes: length, samples: 1_024 * (u64::from(seventh & 3) + 1), rate })
}
