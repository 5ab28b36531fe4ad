//! A run can be ended from outside: the adapter is told, and killed where it does not listen. Other runs go on.

use super::{FILE, Kept, behave, confined, file, misbehaving, options, works};
use registry::adapter::{Fault, Found, Options, Sink, SinkClosed, Summary, run};
use rstest::rstest;
use schema::Code;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Wishes for the end as soon as the adapter has said something.
struct Cancelling<'a> {
    wish: &'a AtomicBool,
    log: String,
}

impl Sink for Cancelling<'_> {
    fn batch(&mut self, _: Vec<u8>, _: u32) -> Result<(), SinkClosed> {
        Ok(())
    }

    fn issue(&mut self, _: sdk::Issue) -> Result<(), SinkClosed> {
        self.wish.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn progress(&mut self, _: u64) {}

    fn log(&mut self, text: &str) {
        text.clone_into(&mut self.log);
    }
}

#[rstest]
#[case::asks("until-cancelled", "the adapter was told to end\n")]
#[case::hands_over(
    "until-refused",
    "the adapter's record was refused\nthe adapter could read: false\n"
)]
#[case::deaf("issue-and-sleep", "")]
fn an_adapter_is_told_of_the_wish_to_end_and_killed_where_it_is_deaf(
    #[case] how: &str,
    #[case] log: &str,
) {
    let options = options();
    if !confined(&options) {
        return;
    }
    let (found, wish, began) = (
        misbehaving(&options),
        AtomicBool::new(false),
        Instant::now(),
    );
    let mut sink = Cancelling {
        wish: &wish,
        log: String::new(),
    };
    let ended = behave_until(&options, &found, how, &mut sink, &wish);
    let fault = ended.unwrap_err();
    assert!(matches!(fault, Fault::Cancelled), "{fault}");
    assert_eq!(fault.code(), Code::ImportCancelled);
    assert_eq!(sink.log, log);
    assert!(began.elapsed() < Duration::from_secs(15));
    works(&options, &found);
}

#[test]
fn a_run_can_be_cancelled_from_another_thread_before_it_has_begun_and_by_its_sink() {
    let options = options();
    if !confined(&options) {
        return;
    }
    let found = misbehaving(&options);
    let wish = AtomicBool::new(false);
    let fault = std::thread::scope(|scope| {
        let running =
            scope.spawn(|| behave_until(&options, &found, "sleep", &mut Kept::default(), &wish));
        wish.store(true, Ordering::Relaxed);
        running.join().unwrap().unwrap_err()
    });
    assert!(matches!(fault, Fault::Cancelled), "{fault}");
    let mut closed = Kept {
        most: Some(0),
        ..Kept::default()
    };
    let fault = behave(&options, &found, "endless-output", &mut closed).unwrap_err();
    assert!(
        matches!(fault, Fault::Cancelled | Fault::TooMuch { .. }),
        "{fault}"
    );
    works(&options, &found);
}

/// Tells that the first batch has come, and waits to be let go on.
struct Held {
    begun: Sender<()>,
    go_on: Receiver<()>,
}

impl Sink for Held {
    fn batch(&mut self, _: Vec<u8>, _: u32) -> Result<(), SinkClosed> {
        self.begun.send(()).map_err(|_| SinkClosed)?;
        self.go_on.recv().map_err(|_| SinkClosed)
    }

    fn issue(&mut self, _: sdk::Issue) -> Result<(), SinkClosed> {
        Ok(())
    }

    fn progress(&mut self, _: u64) {}
}

#[test]
fn threads_that_have_run_an_adapter_and_end_take_no_other_worker_with_them() {
    let options = options();
    if !confined(&options) {
        return;
    }
    let found = misbehaving(&options);
    let ((begun, has_begun), (let_go, go_on)) = (channel(), channel());
    let never = AtomicBool::new(false);
    // The worker that is held was found and started while the other threads were there, and outlives them.
    let summary: Summary = std::thread::scope(|scope| {
        let mut held = Held { begun, go_on };
        let (options, found) = (&options, &found);
        let never = &never;
        let running = scope.spawn(move || behave_until(options, found, "good", &mut held, never));
        has_begun.recv().unwrap();
        for how in ["good", "segfault"] {
            let other = scope.spawn(move || behave(options, found, how, &mut Kept::default()));
            assert_eq!(other.join().unwrap().is_ok(), how == "good");
        }
        let_go.send(()).unwrap();
        running.join().unwrap().unwrap()
    });
    assert_eq!(summary.records, 3);
}

fn behave_until(
    options: &Options,
    found: &Found,
    how: &str,
    sink: &mut dyn Sink,
    wish: &AtomicBool,
) -> Result<Summary, Fault> {
    let config = format!("how = \"{how}\"");
    let length = FILE.len() as u64;
    run(options, found, &config, file(FILE), length, sink, wish)
}
