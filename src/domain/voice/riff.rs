//! RIFF/WAVE with linear PCM. Recorders that write as they go leave the size of the data open; the
//! bytes that are there count.

use std::time::Duration;

/// The word for linear PCM in the header.
const PCM: u16 = 1;

#[derive(Clone, Copy)]
struct Shape {
    /// Samples a second.
    rate: u32,
    /// Bytes of one sample of all channels.
    bytes: u64,
}

/// Measures a file; `None` when it is no linear PCM or has no data.
pub(super) fn length(bytes: &[u8]) -> Option<Duration> {
    let mut rest = bytes.get(12..).filter(|_| bytes.get(8..12) == Some(b"WAVE"))?;
    let mut shape = None;
    loop {
        let (name, body) = (rest.get(..4)?, rest.get(8..)?);
        let size = usize::try_from(u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?)).ok()?;
        match name {
            b"fmt " => shape = Some(read(body.get(..size)?)?),
            b"data" => return sound(shape?, size, body.len()),
            _ => {}
        }
        // Chunks begin at even places.
        rest = body.get(size.checked_add(size % 2)?..)?;
    }
}

fn sound(shape: Shape, said: usize, there: usize) -> Option<Duration> {
    let bytes = if said == 0 || said > there { there } else { said };
    super::seconds(u64::try_from(bytes).ok()?.checked_div(shape.bytes)?, shape.rate)
}

fn read(fmt: &[u8]) -> Option<Shape> {
    let short = |at: usize| {
        let two = fmt.get(at..at + 2)?;
        Some(u16::from_le_bytes(two.try_into().ok()?))
    };
    let rate = u32::from_le_bytes(fmt.get(4..8)?.try_into().ok()?);
    let (channels, bits) = (short(2)?, short(14)?);
    let plain = short(0)? == PCM && matches!(bits, 8 | 16 | 24 | 32) && (1..=2).contains(&channels);
    let bytes = u64::from(channels) * u64::from(bits / 8);
    plain.then_some(Shape { rate, bytes })
}
