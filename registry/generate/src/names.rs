//! Names of people who do not exist. Given names are ordinary ones; family names are mostly put together from
//! parts, in the manner of many languages, so that there are far more of them than anybody wrote down.

use crate::draw::Draw;

/// A given name, its familiar forms, and other ways in which it is written.
pub(crate) type Given = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

/// Given names of women.
#[rustfmt::skip]
pub(crate) const WOMEN: &[Given] = &[
    ("Abigail", &["Abi", "Abbie"], &[]), ("Aisha", &[], &["Ayesha", "Aysha"]), ("Alexandra", &["Alex", "Sasha"], &["Aleksandra"]),
    ("Amara", &[], &[]), ("Angharad", &["Haz"], &[]), ("Anwen", &[], &[]), ("Beatrice", &["Bea"], &["Beatrix"]), ("Blessing", &[], &[]),
    ("Bronwen", &["Bron"], &["Bronwyn"]), ("Caoimhe", &[], &["Keeva"]), ("Catherine", &["Cath", "Kate"], &["Katherine", "Kathryn"]),
    ("Charlotte", &["Lottie", "Charlie"], &[]), ("Chidinma", &["Chidi"], &[]), ("Chloé", &[], &["Chloe"]), ("Deborah", &["Debbie"], &["Debra"]),
    ("Dilys", &[], &[]), ("Eirwen", &[], &[]), ("Eleri", &[], &[]), ("Elizabeth", &["Liz", "Beth", "Lizzie"], &["Elisabeth"]),
    ("Emmanuelle", &["Emma"], &[]), ("Esther", &[], &["Ester"]), ("Fatima", &[], &["Fatimah", "Fatema"]), ("Ffion", &[], &[]),
    ("Folasade", &["Sade"], &["Folashade"]), ("Frances", &["Fran"], &[]), ("Gabriela", &["Gabi"], &["Gabriella"]), ("Georgina", &["Georgie"], &[]),
    ("Gillian", &["Gill"], &["Jillian"]), ("Grace", &[], &[]), ("Gwenllian", &["Gwen"], &[]), ("Harriet", &["Hattie"], &[]), ("Hua", &[], &[]),
    ("Imogen", &["Immy"], &[]), ("Ines", &[], &["Inês", "Inez"]), ("Isabelle", &["Izzy", "Belle"], &["Isobel", "Isabel"]), ("Ivana", &[], &[]),
    ("Jacqueline", &["Jackie"], &["Jaqueline"]), ("Jadwiga", &["Jadzia"], &[]), ("Jennifer", &["Jenny", "Jen"], &["Jenifer"]),
    ("Josephine", &["Jo", "Josie"], &[]), ("Kavita", &[], &["Kavitha"]), ("Khadija", &[], &["Khadijah", "Hadija"]), ("Lakshmi", &[], &["Laxmi"]),
    ("Laura", &[], &[]), ("Leanne", &[], &["Lianne"]), ("Li", &[], &[]), ("Lowri", &[], &[]), ("Lucía", &["Lucy"], &["Lucia"]),
    ("Małgorzata", &["Gosia"], &["Malgorzata"]), ("Margaret", &["Maggie", "Meg", "Peggy"], &["Margret"]), ("Mariam", &[], &["Maryam", "Miriam"]),
    ("Mei", &[], &[]), ("Megan", &["Meg"], &["Meghan"]), ("Myfanwy", &["Myf"], &[]), ("Nadezhda", &["Nadia"], &["Nadejda"]), ("Natalia", &["Natasha"], &["Nataliya"]),
    ("Ngozi", &[], &[]), ("Niamh", &[], &["Neve"]), ("Nicola", &["Nicky"], &[]), ("Noor", &[], &["Nur", "Noura"]), ("Olena", &[], &["Elena"]),
    ("Olivia", &["Liv"], &[]), ("Oluwaseun", &["Seun"], &[]), ("Patricia", &["Pat", "Trish"], &[]), ("Philippa", &["Pippa"], &["Phillipa"]),
    ("Priya", &[], &[]), ("Rachel", &["Rach"], &["Rachael"]), ("Rebecca", &["Becky", "Bex"], &["Rebekah"]), ("Renée", &[], &["Renee"]),
    ("Rhiannon", &["Rhi"], &[]), ("Rosalind", &["Ros"], &[]), ("Ruth", &[], &[]), ("Samantha", &["Sam"], &[]), ("Saoirse", &[], &["Sersha"]),
    ("Sara", &[], &["Sarah"]), ("Shabnam", &[], &[]), ("Shanice", &[], &[]), ("Siân", &[], &["Sian"]), ("Siobhán", &[], &["Siobhan", "Shivaun"]),
    ("Sofía", &["Sofi"], &["Sofia", "Sophia"]), ("Stephanie", &["Steph"], &[]), ("Sunita", &[], &["Suneeta"]), ("Susan", &["Sue"], &[]),
    ("Tamara", &["Tammy"], &[]), ("Tatiana", &["Tanya"], &["Tatyana"]), ("Theresa", &["Tess"], &["Teresa"]),
    ("Valentina", &["Val"], &[]), ("Victoria", &["Vicky", "Tori"], &["Viktoria"]), ("Wanjiru", &[], &[]), ("Xiaoling", &[], &[]),
    ("Yasmin", &["Yas"], &["Yasmeen", "Jasmin"]), ("Yevgenia", &["Zhenya"], &["Evgenia", "Yevheniya"]), ("Yuliya", &[], &["Julia", "Yulia"]),
    ("Zainab", &[], &["Zaynab", "Zeinab"]), ("Zoë", &[], &["Zoe"]), ("Zuzanna", &["Zuza"], &["Susanna"]),
];

/// Given names of men.
#[rustfmt::skip]
pub(crate) const MEN: &[Given] = &[
    ("Abdul", &[], &["Abdoul"]), ("Ahmed", &[], &["Ahmad", "Ahmet"]), ("Aleksandr", &["Sasha"], &["Alexander", "Oleksandr"]), ("Alun", &[], &["Alan"]),
    ("Andrew", &["Andy", "Drew"], &[]), ("Anthony", &["Tony"], &["Antony"]), ("Arjun", &[], &[]), ("Benjamin", &["Ben"], &[]), ("Bogdan", &[], &["Bohdan"]),
    ("Callum", &["Cal"], &["Calum"]), ("Carwyn", &[], &[]), ("Charles", &["Charlie", "Chas"], &[]), ("Chen", &[], &[]), ("Christopher", &["Chris", "Kit"], &["Kristopher"]),
    ("Ciarán", &[], &["Ciaran", "Kieran"]), ("Dafydd", &["Dai"], &["David"]), ("Daniel", &["Dan", "Danny"], &[]), ("Declan", &["Dec"], &[]),
    ("Dewi", &[], &[]), ("Dmitri", &["Dima"], &["Dmitry", "Dmytro"]), ("Dominic", &["Dom"], &["Dominik"]), ("Edward", &["Ed", "Ted", "Ned"], &[]),
    ("Emeka", &[], &["Chukwuemeka"]), ("Emyr", &[], &[]), ("Francesco", &["Franco"], &[]), ("Frederick", &["Fred"], &["Frederic"]), ("Geraint", &[], &[]),
    ("Grzegorz", &["Grzesiek"], &["Gregory"]), ("Gurpreet", &["Gary"], &["Gurprit"]), ("Gwilym", &["Gwil"], &[]), ("Hassan", &[], &["Hasan"]),
    ("Henry", &["Harry"], &[]), ("Hugh", &[], &["Huw"]), ("Hussein", &[], &["Husain", "Hussain"]), ("Ibrahim", &[], &["Ebrahim"]), ("Ieuan", &[], &["Iwan"]),
    ("Iestyn", &[], &[]), ("Jack", &[], &[]), ("James", &["Jim", "Jamie"], &[]), ("Jāzeps", &[], &["Jazeps"]), ("Jiří", &["Jirka"], &["Jiri"]),
    ("Jonathan", &["Jon", "Jonny"], &["Johnathan"]), ("José", &["Pepe"], &["Jose"]), ("Joseph", &["Joe"], &["Josef"]), ("Joshua", &["Josh"], &[]),
    ("Kenneth", &["Ken"], &[]), ("Kofi", &[], &[]), ("Kwame", &[], &[]), ("Lawrence", &["Larry", "Laz"], &["Laurence"]), ("Leopold", &["Leo"], &[]),
    ("Llŷr", &[], &["Llyr"]), ("Łukasz", &["Luke"], &["Lukasz"]), ("Malcolm", &["Mal"], &[]), ("Marek", &[], &[]), ("Matthew", &["Matt"], &["Mathew"]),
    ("Michael", &["Mike", "Mick"], &["Micheal"]), ("Mohammed", &["Mo"], &["Muhammad", "Mohamed", "Mohammad"]), ("Mustafa", &[], &["Mustapha"]),
    ("Nathaniel", &["Nat", "Nathan"], &[]), ("Nicholas", &["Nick"], &["Nicolas"]), ("Nikolai", &["Kolya"], &["Nikolay", "Mykola"]), ("Nuno", &[], &[]),
    ("Obinna", &["Obi"], &[]), ("Oliver", &["Olly"], &[]), ("Omar", &[], &["Umar"]), ("Owain", &[], &["Owen"]), ("Oyelaran", &[], &[]), ("Pádraig", &["Paddy"], &["Padraig"]),
    ("Patrick", &["Pat"], &[]), ("Pawel", &[], &["Paweł"]), ("Peter", &["Pete"], &["Petr"]), ("Philip", &["Phil"], &["Phillip"]), ("Rajesh", &["Raj"], &[]),
    ("Rhys", &[], &["Rees"]), ("Richard", &["Rick", "Dick"], &[]), ("Robert", &["Rob", "Bob"], &[]), ("Ronald", &["Ron"], &[]), ("Samuel", &["Sam"], &[]),
    ("Sanjay", &[], &[]), ("Seán", &[], &["Sean", "Shaun"]), ("Sergei", &["Seryozha"], &["Sergey", "Serhiy"]), ("Siôn", &[], &["Sion"]), ("Søren", &[], &["Soren"]),
    ("Stephen", &["Steve"], &["Steven"]), ("Tariq", &[], &["Tarik"]), ("Theodore", &["Theo", "Ted"], &[]), ("Thomas", &["Tom"], &["Tomas"]), ("Timothy", &["Tim"], &[]),
    ("Tomasz", &["Tomek"], &[]), ("Tudur", &[], &["Tudor"]), ("Umberto", &[], &[]), ("Vikram", &["Vik"], &[]), ("Vladimir", &["Vova"], &["Volodymyr"]),
    ("Wei", &[], &[]), ("William", &["Bill", "Will"], &["Wiliam"]), ("Xavier", &["Xav"], &["Javier"]), ("Yaw", &[], &[]), ("Yusuf", &[], &["Yousef", "Youssef"]),
    ("Zachary", &["Zac"], &["Zachery"]), ("Zbigniew", &["Zbyszek"], &[]),
];

const WOMEN_STARTS: &[&str] = &[
    "Aur", "Bel", "Cor", "Del", "Ev", "Flor", "Gal", "Hel", "Isol", "Jun", "Kes", "Lor", "Mar",
    "Ner", "Or", "Per", "Ros", "Sel", "Tal", "Vel", "Wen", "Zel",
];
const WOMEN_ENDS: &[&str] = &[
    "abel", "aine", "andra", "ella", "enna", "essa", "etta", "iana", "icia", "ida", "ina", "inda",
    "isse", "ola", "onia", "wen", "yra",
];
const MEN_STARTS: &[&str] = &[
    "Al", "Bar", "Cal", "Dor", "Ed", "Fen", "Gar", "Had", "Jor", "Kel", "Leof", "Mar", "Nor", "Os",
    "Per", "Ran", "Stan", "Tor", "Val", "Wil", "Yor",
];
const MEN_ENDS: &[&str] = &[
    "an", "ard", "bert", "den", "dric", "en", "ford", "gar", "ian", "ick", "in", "ley", "mund",
    "on", "ric", "ton", "vin", "win",
];

const ENGLISH_STARTS: &[&str] = &[
    "Alder", "Ash", "Barrow", "Beck", "Black", "Bram", "Bright", "Brook", "Burn", "Carl", "Chal",
    "Clay", "Cold", "Crow", "Dale", "Dun", "East", "Eller", "Fair", "Farn", "Fen", "Gold", "Green",
    "Hal", "Harp", "Hazel", "Heath", "Hol", "Inger", "Kel", "Kings", "Lang", "Lark", "Lind",
    "Mars", "Mel", "Mill", "Moor", "Nettle", "North", "Oak", "Over", "Pem", "Quarn", "Raven",
    "Red", "Rod", "Sand", "Sel", "Shel", "Stan", "Stock", "Swin", "Tarn", "Thorn", "Under", "Wal",
    "West", "Whit", "Wool", "Yar",
];
const ENGLISH_ENDS: &[&str] = &[
    "acre", "bank", "bourne", "bridge", "brook", "bury", "by", "cliffe", "combe", "cote", "croft",
    "dale", "den", "dyke", "field", "ford", "gate", "grave", "grove", "ham", "hill", "holm",
    "hurst", "ington", "land", "ley", "low", "man", "mere", "more", "ness", "over", "ridge", "son",
    "stead", "stone", "thorpe", "thwaite", "ton", "wick", "win", "wood", "worth", "yard",
];
const WELSH: &[&str] = &[
    "Bebb",
    "Bowen",
    "Cadwaladr",
    "Craddock",
    "Elis",
    "Glyndŵr",
    "Gŵyn",
    "Gwilt",
    "Gwynne",
    "Llewelyn",
    "Llŷr",
    "Llywarch",
    "Maddock",
    "Meredydd",
    "Penry",
    "Powys",
    "Prothero",
    "Prydderch",
    "Pugh",
    "Rhydderch",
    "Tudur",
    "Vaughan",
    "Wŷn",
    "Ynyr",
];
const GAELIC_STARTS: &[&str] = &["Mac", "Mc", "O'", "O’", "Fitz"];
const GAELIC_ENDS: &[&str] = &[
    "Affrey", "Arden", "Beth", "Callan", "Corran", "Dara", "Dunnell", "Fallon", "Garrity", "Hale",
    "Keever", "Lanan", "Mara", "Nally", "Quill", "Rory", "Shannagh", "Tiernan", "Venna", "Wade",
];
const INDIAN_STARTS: &[&str] = &[
    "Agar", "Bal", "Chand", "Dhar", "Gan", "Har", "Jai", "Kal", "Lal", "Mah", "Nar", "Par", "Raj",
    "Sam", "Tal", "Var", "Yad",
];
const INDIAN_ENDS: &[&str] = &[
    "alia", "ani", "apati", "avan", "ekar", "esan", "inder", "ish", "kumar", "mal", "nathan",
    "pal", "raj", "singh", "ula", "wal",
];
const POLISH_STARTS: &[&str] = &[
    "Brzez", "Chmiel", "Dąbr", "Gołęb", "Grzyb", "Jabłoń", "Kamień", "Krzyż", "Leś", "Łąk", "Mróz",
    "Ostrow", "Piątk", "Sosn", "Świerk", "Wrób", "Zając", "Żuraw",
];
const POLISH_ENDS: &[&str] = &[
    "ak", "czyk", "ek", "ewicz", "iak", "icki", "iński", "owicz", "owski", "ski",
];
const AFRICAN_STARTS: &[&str] = &[
    "Abi", "Ade", "Aki", "Asa", "Ba", "Chi", "Eze", "Ife", "Ka", "Ma", "Nko", "Oba", "Olu", "Osei",
    "Uche", "Wa",
];
const AFRICAN_ENDS: &[&str] = &[
    "badu", "bayo", "dele", "kanmi", "kwu", "lade", "manga", "mensah", "ndi", "njoku", "sanya",
    "tola", "wale", "weke", "yemi",
];
const EUROPEAN: &[&str] = &[
    "Åkermark",
    "Almássy",
    "Björklund",
    "Bărbulescu",
    "Çelikkaya",
    "D'Amarante",
    "De la Forêt",
    "Dvořáčková",
    "Eßwald",
    "Fjærestad",
    "Gómara",
    "Hæggström",
    "Ionițescu",
    "Jørstad",
    "Kovačić",
    "L'Estrade",
    "Müllenbach",
    "Naïvert",
    "Öztekin",
    "Pérezal",
    "Quaranté",
    "Rždanov",
    "Şahbaz",
    "Tóthfalvy",
    "Ünlücan",
    "Van der Meerlo",
    "Von Rosenau",
    "Ylönsaari",
    "Žižkova",
];
const EAST_ASIAN: &[&str] = &[
    "Au-Yeung", "Cheong", "Fung", "Gao", "Hsieh", "Jiang", "Kwok", "Leung", "Nguyễn", "Ong",
    "Phạm", "Quek", "Shen", "Tanabe", "Trần", "Watari", "Xiong", "Yeoh", "Zhuo",
];
const IBERIAN: &[&str] = &[
    "Abrantes",
    "Barrosa",
    "Castañal",
    "Delgadillo",
    "Espinal",
    "Fontoura",
    "Grañena",
    "Ibarrola",
    "Lameira",
    "Muñagorri",
    "Noronha",
    "Olivença",
    "Peñalver",
    "Quintanal",
    "Rebelo",
    "Saldaña",
    "Teixeiro",
    "Urrutia",
    "Valadão",
    "Zabaleta",
];

/// A given name as it was drawn.
#[derive(Clone)]
pub(crate) struct GivenName {
    pub(crate) name: String,
    pub(crate) familiar: &'static [&'static str],
    pub(crate) spellings: &'static [&'static str],
}

impl GivenName {
    fn listed((name, familiar, spellings): Given) -> Self {
        Self {
            name: name.to_owned(),
            familiar,
            spellings,
        }
    }

    pub(crate) fn draw(draw: &mut Draw, woman: bool) -> Self {
        let (list, starts, ends) = if woman {
            (WOMEN, WOMEN_STARTS, WOMEN_ENDS)
        } else {
            (MEN, MEN_STARTS, MEN_ENDS)
        };
        let plain = |name| Self {
            name,
            familiar: &[],
            spellings: &[],
        };
        match draw.weighted(&[76, 18, 4, 2]) {
            0 => Self::listed(draw.pick(list)),
            1 => plain(format!("{}{}", draw.pick(starts), draw.pick(ends))),
            2 => plain(format!("{}-{}", draw.pick(list).0, draw.pick(list).0)),
            _ => plain(format!("{} {}", draw.pick(list).0, draw.pick(list).0)),
        }
    }

    /// Another name with the same first letter; the same name where the lists have none.
    pub(crate) fn alike(&self, draw: &mut Draw, woman: bool) -> Self {
        let list = if woman { WOMEN } else { MEN };
        let initial = self.name.chars().next();
        let others: Vec<Given> = list
            .iter()
            .filter(|(name, ..)| name.chars().next() == initial && *name != self.name)
            .copied()
            .collect();
        if others.is_empty() {
            self.clone()
        } else {
            Self::listed(draw.pick(&others))
        }
    }
}

/// A family name.
pub(crate) fn family(draw: &mut Draw) -> String {
    match draw.weighted(&[92, 6, 2]) {
        0 => single(draw),
        1 => format!("{}-{}", single(draw), single(draw)),
        _ => format!("{} {}", draw.pick(IBERIAN), draw.pick(IBERIAN)),
    }
}

fn single(draw: &mut Draw) -> String {
    let (starts, ends) = match draw.weighted(&[56, 5, 6, 10, 6, 6, 4, 4, 3]) {
        0 => (ENGLISH_STARTS, ENGLISH_ENDS),
        1 => return draw.pick(WELSH).to_owned(),
        2 => (GAELIC_STARTS, GAELIC_ENDS),
        3 => (INDIAN_STARTS, INDIAN_ENDS),
        4 => (POLISH_STARTS, POLISH_ENDS),
        5 => (AFRICAN_STARTS, AFRICAN_ENDS),
        6 => return draw.pick(EUROPEAN).to_owned(),
        7 => return draw.pick(EAST_ASIAN).to_owned(),
        _ => return draw.pick(IBERIAN).to_owned(),
    };
    let mut name = draw.pick(starts).to_owned();
    name.push_str(draw.pick(ends));
    name
}
