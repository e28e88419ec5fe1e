//! An MPEG-4 container (ISO/IEC 14496-12) with one track of sound and no pictures. The length is
//! that of the samples in its table, which must fit into the data that is there; the length that its
//! header claims is not read.

use std::time::Duration;

use super::be32;

/// A box: its name and what is in it.
type Boxed<'a> = (&'a [u8], &'a [u8]);

/// Measures a file; `None` when it is not one track of sound that is wholly there.
pub(super) fn length(bytes: &[u8]) -> Option<Duration> {
    let top = boxes(bytes)?;
    let movie = boxes(one(&top, b"moov")?)?;
    let tracks: Vec<&[u8]> = all(&movie, b"trak").collect();
    let [track] = tracks.as_slice() else { return None };
    let media = boxes(one(&boxes(track)?, b"mdia")?)?;
    if one(&media, b"hdlr")?.get(8..12) != Some(b"soun") {
        return None;
    }
    let table = boxes(one(&boxes(one(&media, b"minf")?)?, b"stbl")?)?;
    let there: usize = all(&top, b"mdat").map(<[u8]>::len).sum();
    let (samples, bytes) = sizes(one(&table, b"stsz")?)?;
    let (times, length) = times(one(&table, b"stts")?)?;
    if bytes > u64::try_from(there).ok()? || samples != times {
        return None;
    }
    super::seconds(length, rate(one(&media, b"mdhd")?)?)
}

fn boxes(mut bytes: &[u8]) -> Option<Vec<Boxed<'_>>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let name = bytes.get(4..8)?;
        let (head, size) = match be32(bytes, 0)? {
            // To the end of the file.
            0 => (8, bytes.len()),
            1 => {
                (16, usize::try_from(u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?)).ok()?)
            }
            size => (8, usize::try_from(size).ok()?),
        };
        found.push((name, bytes.get(head..size)?));
        bytes = bytes.get(size..)?;
    }
    Some(found)
}

fn all<'a>(boxes: &[Boxed<'a>], name: &[u8]) -> impl Iterator<Item = &'a [u8]> {
    boxes.iter().filter(move |(own, _)| *own == name).map(|(_, body)| *body)
}

fn one<'a>(boxes: &[Boxed<'a>], name: &[u8]) -> Option<&'a [u8]> {
    all(boxes, name).next()
}

/// Time units a second; the place depends on the version of the box.
fn rate(mdhd: &[u8]) -> Option<u32> {
    be32(mdhd, if mdhd.first() == Some(&1) { 20 } else { 12 })
}

/// Counts samples and their bytes.
fn sizes(stsz: &[u8]) -> Option<(u64, u64)> {
    let (same, count) = (u64::from(be32(stsz, 4)?), u64::from(be32(stsz, 8)?));
    if same > 0 {
        return Some((count, same.checked_mul(count)?));
    }
    let (entries, []) = stsz.get(12..)?.as_chunks::<4>() else { return None };
    let bytes = entries.iter().map(|entry| u64::from(u32::from_be_bytes(*entry))).sum();
    (u64::try_from(entries.len()).ok()? == count).then_some((count, bytes))
}

/// Counts samples and their time units.
fn times(stts: &[u8]) -> Option<(u64, u64)> {
    let (entries, []) = stts.get(8..)?.as_chunks::<8>() else { return None };
    let mut sums = (0_u64, 0_u64);
    for entry in entries {
        let (count, each) = (u64::from(be32(entry, 0)?), u64::from(be32(entry, 4)?));
        sums = (sums.0.checked_add(count)?, sums.1.checked_add(count.checked_mul(each)?)?);
    }
    Some(sums)
}
