//! Coarser forms of folded names: two spellings of one name, and two names that sound alike.

/// Spellings made one, longest first; what scripts and languages write differently for the same sound.
const SPELLINGS: &[(&str, &str)] = &[
    ("tsch", "c"),
    ("schtsch", "s"),
    ("shch", "s"),
    ("dzh", "j"),
    ("sch", "s"),
    ("tch", "c"),
    ("tzs", "c"),
    ("ght", "t"),
    ("aa", "a"),
    ("ae", "a"),
    ("ai", "ai"),
    ("ay", "ai"),
    ("ck", "k"),
    ("cz", "c"),
    ("ch", "c"),
    ("dh", "d"),
    ("dj", "j"),
    ("ee", "i"),
    ("ei", "ai"),
    ("eu", "eu"),
    ("ey", "i"),
    ("gh", "g"),
    ("ia", "ia"),
    ("ie", "i"),
    ("ii", "i"),
    ("ij", "i"),
    ("iy", "i"),
    ("ju", "iu"),
    ("ja", "ia"),
    ("kh", "h"),
    ("ks", "ks"),
    ("oe", "o"),
    ("oo", "u"),
    ("ou", "u"),
    ("ph", "f"),
    ("qu", "k"),
    ("rh", "r"),
    ("sh", "s"),
    ("sz", "s"),
    ("th", "t"),
    ("ts", "c"),
    ("tz", "c"),
    ("ue", "u"),
    ("uu", "u"),
    ("ya", "ia"),
    ("ye", "e"),
    ("yo", "io"),
    ("yu", "iu"),
    ("yy", "i"),
    ("zh", "j"),
    ("c", "k"),
    ("j", "j"),
    ("q", "k"),
    ("v", "v"),
    ("w", "v"),
    ("x", "ks"),
    ("y", "i"),
    ("z", "s"),
];

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
        let found = SPELLINGS
            .iter()
            .find(|(spelling, _)| spelling.starts_with(first) && rest.starts_with(spelling));
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
