//! Bytes of any kind as a worker's frames: never a panic, and never a run that counts without the worker's word.

use super::super::frame::made::{frame, introduction};
use super::super::frame::{HEADER, Kind, Progress, Said};
use super::*;
use proptest::prelude::*;
use proptest::sample::Index;
use prost::Message;

const TOKEN: &[u8] = b"the worker's own";
const LENGTH: u64 = 1000;

/// Counts what it takes.
#[derive(Default)]
struct Counting {
    records: u64,
    issues: u64,
}

impl Sink for Counting {
    fn batch(&mut self, _: Vec<u8>, count: u32) -> Result<(), SinkClosed> {
        self.records += u64::from(count);
        Ok(())
    }

    fn issue(&mut self, _: sdk::Issue) -> Result<(), SinkClosed> {
        self.issues += 1;
        Ok(())
    }

    fn progress(&mut self, _: u64) {}
}

/// What the host makes of a worker that sent these bytes and ended without complaint.
fn judged(stream: &[u8]) -> (Counting, Result<Told, Fault>) {
    let options = Options {
        frame_max: 4096,
        ..Options::default()
    };
    let settings = Settings {
        token: TOKEN.to_vec(),
        ..settings(&options)
    };
    let never = AtomicBool::new(false);
    let judge = Stream {
        options: &options,
        settings: &settings,
        input_len: LENGTH,
        cancel: &never,
    };
    let mut sink = Counting::default();
    let mut intake = Intake::new(&options, Some(&mut sink), LENGTH);
    let mut pipe = stream;
    let taken = loop {
        match intake.advance(&mut pipe) {
            Ok(Flow::Closed) => break Ok(()),
            Ok(Flow::Frame | Flow::Blocked) => {}
            Err(fault) => break Err(fault),
        }
    };
    let ended = taken.and_then(|()| judge.judge(intake, ExitStatus::from_raw(0), &Log::new(0)));
    (sink, ended)
}

/// What a good worker sends: so many batches, issues and signs of life, and the final frame.
fn good(batches: &[u32], issues: u64) -> Vec<u8> {
    let mut stream = introduction();
    for count in batches {
        stream.extend(frame(
            Kind::Batch,
            *count,
            &[0x0a, 0x00].repeat(*count as usize),
        ));
    }
    for number in 0..issues {
        let said = Said {
            code: "odd".to_owned(),
            ..Said::default()
        };
        stream.extend(frame(Kind::Issue, 0, &said.encode_to_vec()));
        let bytes_read = number + 1;
        stream.extend(frame(
            Kind::Progress,
            0,
            &Progress { bytes_read }.encode_to_vec(),
        ));
    }
    let totals = Totals {
        token: TOKEN.to_vec(),
        records: batches.iter().copied().map(u64::from).sum(),
        issues,
        bytes_read: LENGTH,
    };
    stream.extend(frame(Kind::Final, 0, &totals.encode_to_vec()));
    stream
}

proptest! {
    #[test]
    fn bytes_of_any_kind_are_never_a_run_that_counts(bytes: Vec<u8>) {
        let (_, ended) = judged(&bytes);
        prop_assert!(ended.is_err());
    }

    #[test]
    fn frames_of_any_kind_are_never_a_run_that_counts(
        frames in proptest::collection::vec((1_u8..=8, 0_u32..4, any::<Vec<u8>>()), 0..20),
        introduced: bool,
    ) {
        let mut stream = if introduced { introduction() } else { Vec::new() };
        for (kind, count, payload) in frames {
            let mut bytes = frame(Kind::Issue, count, &payload);
            bytes.splice(..1, [kind]);
            stream.extend(bytes);
        }
        let (_, ended) = judged(&stream);
        prop_assert!(ended.is_err());
    }

    #[test]
    fn a_good_run_counts(batches in proptest::collection::vec(1_u32..50, 0..8), issues in 0_u64..5) {
        let (sink, ended) = judged(&good(&batches, issues));
        let told = ended.map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        prop_assert_eq!((sink.records, sink.issues), (told.totals.records, told.totals.issues));
    }

    #[test]
    fn a_good_run_that_was_tampered_with_counts_only_if_nothing_is_lost(
        batches in proptest::collection::vec(1_u32..20, 0..4),
        issues in 0_u64..3,
        changes in proptest::collection::vec((any::<Index>(), 0_u8..3, any::<u8>()), 1..4),
    ) {
        let mut stream = good(&batches, issues);
        for (place, change, byte) in changes {
            let place = place.index(stream.len());
            match change {
                0 => drop(stream.splice(place..=place, [byte])),
                1 => drop(stream.splice(place..place, [byte])),
                _ => stream.truncate(place.max(1)),
            }
        }
        if let (sink, Ok(told)) = judged(&stream) {
            prop_assert_eq!((sink.records, sink.issues), (told.totals.records, told.totals.issues));
        }
    }

    #[test]
    fn a_run_that_is_cut_off_never_counts(
        batches in proptest::collection::vec(1_u32..20, 0..4),
        cut: Index,
    ) {
        let stream = good(&batches, 1);
        let (_, ended) = judged(stream.get(..cut.index(stream.len())).unwrap_or_default());
        prop_assert!(ended.is_err());
    }
}

#[test]
fn a_header_is_as_long_as_it_says() {
    assert_eq!(frame(Kind::Final, 0, &[]).len(), HEADER);
}
