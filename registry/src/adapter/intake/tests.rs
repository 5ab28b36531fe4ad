//! Streams of frames, whole and torn, good and bad.

use super::super::frame::made::{frame, introduction};
use super::*;
use proptest::prelude::*;

/// Counts what it takes.
#[derive(Default)]
struct Counting {
    records: u64,
    issues: u64,
}

impl Sink for Counting {
    fn batch(&mut self, _: Vec<u8>, count: u32) -> Result<(), super::super::SinkClosed> {
        self.records += u64::from(count);
        Ok(())
    }

    fn issue(&mut self, issue: Issue) -> Result<(), super::super::SinkClosed> {
        assert!(issue.message.len() <= 500 && !issue.message.contains('\n'));
        self.issues += 1;
        Ok(())
    }

    fn progress(&mut self, bytes_read: u64) {
        assert!(bytes_read <= 1000);
    }
}

/// Takes a whole stream, as if it came through the pipe in pieces.
fn take(stream: &[u8], piece: usize) -> (Counting, Result<bool, Fault>) {
    let options = Options {
        frame_max: 4096,
        records_max: 100,
        issues_max: 100,
        record_max: 300,
        ..Options::default()
    };
    let mut sink = Counting::default();
    let mut intake = Intake::new(&options, Some(&mut sink), 1000);
    let mut pieces = stream.chunks(piece);
    let mut rest = std::io::empty().chain(pieces.next().unwrap_or_default());
    let ended = loop {
        match intake.advance(&mut rest) {
            Ok(Flow::Closed) => match pieces.next() {
                Some(next) => rest = std::io::empty().chain(next),
                None => break Ok(intake.is_torn()),
            },
            Ok(_) => {}
            Err(fault) => break Err(fault),
        }
    };
    (sink, ended)
}

proptest! {
    #[test]
    fn hostile_streams_end_in_a_fault_or_torn_but_never_beyond_the_limits(
        payloads in proptest::collection::vec((0_u8..10, 0_u32..4, any::<Vec<u8>>()), 0..20),
        junk: Vec<u8>,
        piece in 1_usize..64,
    ) {
        let mut stream = introduction();
        for (kind, count, payload) in payloads {
            let mut bytes = frame(Kind::Issue, count, &payload);
            if let Some(first) = bytes.first_mut() {
                *first = kind;
            }
            stream.extend(bytes);
        }
        stream.extend(junk);
        let (sink, _) = take(&stream, piece);
        prop_assert!(sink.records <= 100 && sink.issues <= 100);
    }

    #[test]
    fn a_stream_says_the_same_in_whatever_pieces_it_comes(piece in 1_usize..64, records in 1_u32..20) {
        let batch = [0x0a, 0x00].repeat(records as usize);
        let stream = [introduction(), frame(Kind::Batch, records, &batch)].concat();
        let (sink, ended) = take(&stream, piece);
        prop_assert!(matches!(ended, Ok(false)));
        prop_assert_eq!(sink.records, u64::from(records));
    }
}

/// A record has the bytes of its own message; the key and the length before it are the batch's.
#[test]
fn a_record_may_have_exactly_the_most_bytes() {
    let batch = |length: u16| {
        let [low, high] = (length & 0x7f | (length >> 7) << 8 | 0x80).to_le_bytes();
        let field = length - 3;
        let [inner_low, inner_high] = (field & 0x7f | (field >> 7) << 8 | 0x80).to_le_bytes();
        let mut bytes = vec![0x0a, low, high, 0x7a, inner_low, inner_high];
        bytes.resize(3 + usize::from(length), b' ');
        [introduction(), frame(Kind::Batch, 1, &bytes)].concat()
    };
    let (sink, ended) = take(&batch(300), 64);
    assert!(matches!(ended, Ok(false)), "{ended:?}");
    assert_eq!(sink.records, 1);
    let (sink, ended) = take(&batch(301), 64);
    let limit = Limit::RecordBytes;
    assert!(
        matches!(ended, Err(Fault::TooMuch { limit: of, most: 300 }) if of == limit),
        "{ended:?}"
    );
    assert_eq!(sink.records, 0);
}
