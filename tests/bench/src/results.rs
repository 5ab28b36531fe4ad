//! A result file of invented people for the `csv` adapter: three results each, clean, all of one body.

use crate::Failure;
use schema::Uln;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// The body whose results they are.
pub(crate) const BODY: &str = "RN5217";

const HEADER: &str = "result_id,uln,given_name,family_name,date_of_birth,gender,postcode,learner_reference,qualification_number,title,centre,awarded_on,grade,level,credit,status,action,action_date,certificate_number";

/// Writes `rows` results to a file.
pub(crate) fn write(path: &Path, rows: u32) -> Result<(), Failure> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "{HEADER}")?;
    let mut written = 0;
    for (person, uln) in (100_000_000..).filter_map(Uln::from_stem).enumerate() {
        let given = syllables(person * 31 + 7, 3);
        let family = syllables(person * 17 + 3, 4);
        let (year, month, day) = (1960 + person % 44, 1 + person % 12, 1 + person % 28);
        for award in 0..3 {
            if written == rows {
                file.flush()?;
                return Ok(());
            }
            written += 1;
            let qualification = qualification(person * 7 + award * 33);
            let awarded = format!(
                "{}-{:02}-{:02}",
                2012 + (person + award) % 12,
                1 + person % 11,
                1 + award * 9
            );
            writeln!(
                file,
                "R{written:09},{uln},{given},{family},{year}-{month:02}-{day:02},{},ZZ99 1AA,L-{person},{qualification},Level 3 Diploma in Something Made Up,C-{},{awarded},Pass,Level 3,30,final,create,{awarded},C{written:09}",
                1 + person % 2,
                person % 50,
            )?;
        }
    }
    Ok(())
}

/// One of a hundred qualification numbers whose check characters fit.
fn qualification(number: usize) -> String {
    let digits = format!("601{:04}", 1000 + number % 100);
    let sum: u32 = digits
        .bytes()
        .zip((2..=8).rev())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let check = match sum % 11 {
        10 => "X".to_owned(),
        digit => digit.to_string(),
    };
    let (first, second) = digits.split_at(3);
    format!("{first}/{second}/{check}")
}

fn syllables(seed: usize, count: usize) -> String {
    let mut state = seed.wrapping_mul(2_654_435_761) ^ (seed >> 3);
    let mut name = String::new();
    for place in 0..count {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let letter = |of: &[u8], number: usize| of.get(number % of.len()).copied().unwrap_or(b'a');
        let consonant = letter(b"BDFGLMNPRST", state >> 33);
        let vowel = letter(b"aeiou", state >> 40);
        name.push(if place == 0 {
            consonant
        } else {
            consonant.to_ascii_lowercase()
        } as char);
        name.push(vowel as char);
    }
    name
}
