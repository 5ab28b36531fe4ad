//! Coarser forms of folded names: two spellings of one name, and two names that sound alike.

/// Spellings that begin with a letter, longest first, and what is made of them: what scripts and languages write
/// differently for the same sound.
const fn spellings(first: char) -> &'static [(&'static str, &'static str)] {
    match first {
        'a' => &[("aa", "a"), ("ae", "a"), ("ai", "ai"), ("ay", "ai")],
        'c' => &[("ck", "k"), ("cz", "c"), ("ch", "c"), ("c", "k")],
        'd' => &[("dzh", "j"), ("dh", "d"), ("dj", "j")],
        'e' => &[("ee", "i"), ("ei", "ai"), ("eu", "eu"), ("ey", "i")],
        'g' => &[("ght", "t"), ("gh", "g")],
        'i' => &[
            ("ia", "ia"),
            ("ie", "i"),
            ("ii", "i"),
            ("ij", "i"),
            ("iy", "i"),
        ],
        'j' => &[("ju", "iu"), ("ja", "ia"), ("j", "j")],
        'k' => &[("kh", "h"), ("ks", "ks")],
        'o' => &[("oe", "o"), ("oo", "u"), ("ou", "u")],
        'p' => &[("ph", "f")],
        'q' => &[("qu", "k"), ("q", "k")],
        'r' => &[("rh", "r")],
        's' => &[
            ("schtsch", "s"),
            ("shch", "s"),
            ("sch", "s"),
            ("sh", "s"),
            ("sz", "s"),
        ],
        't' => &[
            ("tsch", "c"),
            ("tch", "c"),
            ("tzs", "c"),
            ("th", "t"),
            ("ts", "c"),
            ("tz", "c"),
        ],
        'u' => &[("ue", "u"), ("uu", "u")],
        'v' => &[("v", "v")],
        'w' => &[("w", "v")],
        'x' => &[("x", "ks")],
        'y' => &[
            ("ya", "ia"),
            ("ye", "e"),
            ("yo", "io"),
            ("yu", "iu"),
            ("yy", "i"),
            ("y", "i"),
        ],
        'z' => &[("zh", "j"), ("z", "s")],
        _ => &[],
    }
}

/// A folded name with spellings of the same sound made one: `mueller` and `muller`, `Yevgenia` and `Evgenia`,
/// `Hassan` and `Hasan`. Spaces go.
#[must_use]
pub fn skeleton(folded: &str) -> String {
    let mut rest: String = folded.chars().filter(|letter| *letter != ' ').collect();
    if let Some(clan) = rest.strip_prefix("mac") {
        rest = format!("mc{clan}");
    }
    let mut rest = rest.as_str();
    let mut made = String::with_capacity(rest.len());
    while let Some(first) = rest.chars().next() {
        let found = spellings(first)
            .iter()
            .find(|(spelling, _)| rest.starts_with(spelling));
        let (taken, written) = match found {
            Some((spelling, written)) => (spelling.len(), *written),
            None => (
                first.len_utf8(),
                rest.get(..first.len_utf8()).unwrap_or_default(),
            ),
        };
        for letter in written.chars() {
            if !made.ends_with(letter) {
                made.push(letter);
            }
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    if made.len() > 3 && made.ends_with('h') {
        made.pop();
    }
    made
}

/// How a folded name sounds, roughly: the first letter and the classes of the consonants that follow, six at
/// most. For finding people, never for deciding.
#[must_use]
pub fn sound(folded: &str) -> String {
    let skeleton = skeleton(folded);
    let mut letters = skeleton.chars();
    let mut made = String::with_capacity(6);
    let Some(first) = letters.next() else {
        return made;
    };
    made.push(match first {
        'i' | 'e' | 'j' => 'i',
        'u' | 'o' => 'u',
        other => other,
    });
    let mut last = first;
    for letter in letters {
        let class = match letter {
            'a' | 'e' | 'i' | 'o' | 'u' | 'h' => {
                last = letter;
                continue;
            }
            'b' | 'p' => 'b',
            'd' | 't' => 't',
            'f' | 'v' => 'f',
            'g' | 'k' => 'k',
            'm' | 'n' => 'n',
            'c' | 'j' | 's' => 's',
            other => other,
        };
        if class != last && made.len() < 6 {
            made.push(class);
        }
        last = class;
    }
    made
}
