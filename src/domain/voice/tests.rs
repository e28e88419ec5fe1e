use proptest::prelude::*;

use super::*;

/// One second of silence at 8 kHz, 16 bits, with the size of the data as given.
fn wav(said: u32) -> Vec<u8> {
    let data = vec![0_u8; 16_000];
    let fmt = [1_u16, 1].map(u16::to_le_bytes).concat();
    let fmt = [fmt, 8_000_u32.to_le_bytes().to_vec(), 16_000_u32.to_le_bytes().to_vec()].concat();
    let fmt = [fmt, [2_u16, 16].map(u16::to_le_bytes).concat()].concat();
    let head = [b"RIFF".as_slice(), &[0; 4], b"WAVE", b"fmt ", &16_u32.to_le_bytes(), &fmt];
    [
        head.concat(),
        b"LIST\x01\0\0\0x\0".to_vec(),
        b"data".to_vec(),
        said.to_le_bytes().to_vec(),
        data,
    ]
    .concat()
}

/// So many frames of MPEG-2 layer III at 16 kHz and 32 kbit/s: 36 ms and 144 bytes each.
fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xFF, 0xF3, 0x48, 0xC0];
    frame.resize(144, 0);
    frame.repeat(frames)
}

/// So many ADTS frames at 16 kHz: 64 ms and 100 bytes each.
fn adts(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xFF, 0xF1, 0x60, 0x40, 0x64 >> 3, (0x64 & 7) << 5, 0];
    frame.resize(100, 0);
    frame.repeat(frames)
}

fn boxed(name: &[u8], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap();
    [size.to_be_bytes().as_slice(), name, body].concat()
}

fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

/// One track of `count` samples of 1,024 units at 16 kHz, 10 bytes each; `data` bytes are there.
fn m4a(count: u32, data: usize, handler: &[u8]) -> Vec<u8> {
    let table =
        [boxed(b"stts", &words(&[0, 1, count, 1_024])), boxed(b"stsz", &words(&[0, 10, count]))];
    let hdlr = [words(&[0, 0]), handler.to_vec(), vec![0; 13]].concat();
    // The header claims an hour.
    let media = [
        boxed(b"mdhd", &words(&[0, 0, 0, 16_000, 57_600_000, 0])),
        boxed(b"hdlr", &hdlr),
        boxed(b"minf", &boxed(b"stbl", &table.concat())),
    ];
    let track = boxed(b"trak", &boxed(b"mdia", &media.concat()));
    let parts =
        [boxed(b"ftyp", b"M4A \0\0\0\0"), boxed(b"moov", &track), boxed(b"mdat", &vec![0; data])];
    parts.concat()
}

fn length(bytes: &[u8]) -> (Format, u128) {
    let read = read(bytes).unwrap();
    (read.format, read.length.as_millis())
}

#[test]
fn each_format_is_known_by_its_bytes_and_measured() {
    assert_eq!(length(&wav(16_000)), (Format::Wav, 1_000));
    assert_eq!(length(&mp3(50)), (Format::Mp3, 1_800));
    assert_eq!(length(&adts(50)), (Format::Aac, 3_200));
    assert_eq!(length(&m4a(50, 500, b"soun")), (Format::M4a, 3_200));
}

#[test]
fn what_a_header_claims_is_not_believed() {
    for said in [0, u32::MAX, 99_999_999] {
        assert_eq!(length(&wav(said)), (Format::Wav, 1_000), "{said}");
    }
    assert_eq!(
        read(&m4a(50, 499, b"soun")),
        Err(NoRecording::Broken),
        "samples that are not there"
    );
    assert_eq!(read(&m4a(50, 500, b"vide")), Err(NoRecording::Broken), "a film");
}

#[test]
fn tags_around_mp3_are_no_sound_and_bytes_between_frames_are_refused() {
    let tag = [b"ID3\x04\0\0\0\0\x01\x02".to_vec(), vec![0; 130]].concat();
    let tail = [b"TAG".to_vec(), vec![b' '; 125]].concat();
    assert_eq!(length(&[tag, mp3(50), tail].concat()), (Format::Mp3, 1_800));
    let hidden = [mp3(20), b"<script>".to_vec(), mp3(30)].concat();
    assert_eq!(read(&hidden), Err(NoRecording::Broken));
    let cut = [mp3(50), mp3(1).split_at(60).0.to_vec()].concat();
    assert_eq!(length(&cut), (Format::Mp3, 1_800), "a last frame that was cut is not counted");
}

#[test]
fn a_recorder_does_not_change_its_rate() {
    let mut other = mp3(1);
    other[2] = 0x40;
    assert_eq!(read(&[mp3(3), other].concat()), Err(NoRecording::Broken));
}

#[test]
fn other_files_and_empty_ones_are_refused() {
    for bytes in [&b""[..], b"\xFF", b"OggS\0\0", b"#!AMR\n12", b"\x89PNG\r\n\x1a\n", b"<html>"] {
        assert_eq!(read(bytes), Err(NoRecording::Unknown), "{bytes:?}");
    }
    // Raw PCM: nothing says what it is.
    assert_eq!(read(&[0x12, 0x00].repeat(8_000)), Err(NoRecording::Unknown));
    for bytes in [
        &b"RIFF\0\0\0\0WAVE"[..],
        b"\0\0\0\x08ftyp",
        b"\xFF\xF3\x48\xC0",
        b"\xFF\xF1\x60\x40\0\0\0",
    ] {
        assert_eq!(read(bytes), Err(NoRecording::Broken), "{bytes:?}");
    }
}

proptest! {
    /// Whatever is sent, reading ends, and what is refused or cut off never panics.
    #[test]
    fn no_bytes_break_the_reader(at in 0_usize..4, cut in 0_usize..20_000, place in 0_usize..20_000, byte: u8) {
        let mut bytes = vec![wav(16_000), mp3(50), adts(50), m4a(50, 500, b"soun")].swap_remove(at);
        if let Some(target) = bytes.get_mut(place) {
            *target = byte;
        }
        bytes.truncate(cut);
        if let Ok(recording) = read(&bytes) {
            prop_assert!(!recording.length.is_zero());
        }
    }
}
