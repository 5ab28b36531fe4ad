//! Given names that one person may bear: familiar forms and spellings. A line is one name; a form may stand in
//! several. Names that brothers and sisters bear side by side (Alexander and Alexandra) share no line.

use std::collections::HashMap;
use std::sync::LazyLock;

/// One name a line, in all its forms.
const NAMES: &str = "\
abigail abi abby abbie abbey gail
abraham abe ibrahim ebrahim bram
adam adem
agnes aggie agnieszka nessa
ahmed ahmad ahmet achmed
aidan aiden aydan
aisha ayesha aysha aicha aishah
aleksandr alexander aleksander oleksandr alex alec alexandre al sasha sandy xander sander lex oleks
alexandra aleksandra oleksandra alex sandra sasha lexi lexie sandy alexa ola
alfred alf alfie fred
alice alys alicia ally
alison allison ali ally
amanda mandy
amelia millie amelie
amy aimee
andrew andy drew andrzej andrei andrey andrii andriy andre andreas
angela angie ange angelika
ann anne anna annie ana nan anya ania
hannah hanna hana
anthony antony tony anton antoni antonio ant
antonia toni
archibald archie
arthur art artur
barbara barb babs basia barbra
beatrice bea beatrix trixie
benedict ben
benjamin ben benji benny binyamin
bernadette bernie
bernard bernie
bogdan bohdan
bradley brad
brenda bren
brian bryan
bronwen bronwyn bron
caitlin kaitlyn katelyn kate cait caitlyn
callum calum cal
cameron cam
caroline carolyn carol carrie caz carolina karolina
catherine katherine kathryn catharine katharine cath kate cathy kathy katie katy kat kit kitty katarzyna kasia ekaterina yekaterina kateryna katya caterina catalina kathleen
cecilia cecily celia cissy
charles charlie charley chas chuck karl carlos carl karol
charlotte charlie lottie lotte char
chidinma chidi
chloe khloe
christina kristina cristina tina chris chrissie krystyna khrystyna
christine chris chrissie tina krystyna
christopher chris kristopher kit topher krzysztof christoph christophe
ciaran kieran keiran
claire clare clair klara clara
clement clem
colin col
conor connor
constance connie
cynthia cindy
daniel dan danny daniil danylo danilo
danielle dani daniela daniella
darren daz darran
david dave davy davey dafydd dai dawid davide
deborah debbie debra deb debora
declan dec
denise den
dennis denis den denys
derek del derrick
diana diane dianne di
dmitri dmitry dmytro dmitriy dima dimitri dimitry
dominic dom dominik dominique
donald don donny
dorothy dot dottie dolly dorota
douglas doug
edward ed eddie ted teddy ned eduard edouard eduardo
edwin ed eddie
eileen aileen
elaine elayne
eleanor elinor eleanora ellie nell nora ella leonora
elizabeth elisabeth elisabeta elzbieta eliza liz lizzie beth betty bess libby liza betsy lisa elspeth ela yelizaveta elizaveta yelyzaveta
ellen ellie nell helen
emilia emilija emiliya
emily em emmie emilie milly
emma em emmanuelle
ernest ernie
esther ester hester essie
eugene gene evgeny yevgeny yevhen evgeni evgeniy
eva eve evie yeva ewa
evelyn evie eve
evgenia yevgenia yevheniya eugenia zhenya evgeniya evgenija
fatima fatimah fatema fatma fatimata
felicity fliss flick
fiona fi
florence flo flossie florrie
folasade sade folashade
frances fran frankie franny francesca franciszka
francis frank frankie francesco franco francois francisco franciszek
frederick fred freddie freddy frederic friedrich fryderyk
gabriel gabe gabi
gabriella gabriela gabrielle gabi gabby
gareth gaz gary
gary garry gaz
gavin gav
geoffrey jeffrey geoff jeff
george geo georgie jorge jerzy georgi yuri heorhiy
georgina georgia georgie gina
gerald gerry jerry
gerard gerry gerrard
gillian jillian gill jill
grace gracie
graham graeme grahame
gregory greg gregor grzegorz grigory hryhoriy grigori
gwendoline gwen gwendolyn
gwenllian gwen
hamish seamus
harold harry hal
harriet hattie harrie harriett
hassan hasan
heather hev
helen helena hel nell olena elena lena yelena
henry harry hal hank henri henryk
howard howie
hugh huw hugo hughie
humphrey humph
hussein hussain husain hossein husayn
ian iain
ingrid inga
irene rene irena iryna irina
isaac ike zac izaak
isabel isabelle isobel isabella izabela izzy bella belle bel isabell izabella
isaiah zay
ivan iwan jan john
jack john jackie jacky jak
jacob jake jakob jakub yakov
jacqueline jackie jacqui jaqueline jacquelyn
james jim jimmy jamie jem seamus jaime
jamie jaime
jan john jon
jane janie jayne janey
janet jan jannet
janice jan
jason jase jayson
jean jeanne jeannie
jennifer jenny jen jenifer jenna jenni
jeremy jez jerry
jessica jess jessie jessika
joan joanie joanna
joanna joanne jo joann joana
john jon johnny jack jonny ian sean evan ivan juan johan johannes giovanni
jonathan jon jonny johnathan jonathon johnathon nathan
jose pepe joseph
joseph joe joey josef jozef jo josip iosif yosef yusuf youssef
josephine jo josie jozefina
joshua josh
joyce joy
judith judy jude judi
julia yulia yuliya julija iuliia jules julka
julian jules
julie jules
karen karin caren
katarina katarzyna catarina kateryna
kavita kavitha
keith keithy
kelly kelley kellie
kenneth ken kenny
kevin kev
khadija khadijah hadija kadija khadeeja
kimberley kim kimberly
kristen kirsten kirsty kristin
kyle kile
lakshmi laxmi
laura laurie lora lara
lauren lauryn loren
lawrence laurence larry laurie lorenzo loz
leanne lianne
leonard len lenny leo leonid
leo leopold leon lev
leslie les lesley
lewis lew
louis luis lou louie ludwik
liam william
lillian lily lilian lil
linda lynda lin lyn
lindsay lindsey lynsey
lloyd loyd
louise lou louisa luisa
lucy lucia lucie lucinda lusy
luke lukas lucas lukasz luca
lynn lynne lyn
madeleine maddie madeline madelaine maddy
malcolm mal malc
malgorzata gosia margaret
marcus marc mark markus
margaret maggie meg peggy marge margie margo margot greta rita margret daisy peg marjorie margarita malgorzata
maria marie mary mariya maryam mariam miriam marija
marilyn mari marylin
mark marc marek marko
martin marty martyn marcin
martha marta mattie
mary marie molly polly may maria mair maire
matilda tilly mattie
matthew matt mathew matty mateusz matteo matthias
maureen mo
maurice morris mo
maximilian max maxim maksim maksym
maxwell max
megan meg meghan meggie
melanie mel
melissa mel missy lissa
michael mike mick mickey micky micheal mikey mikhail mykhailo michal miguel michel mihai
michelle shell michele chelle
mildred millie
mohammed muhammad mohamed mohammad mohamad muhammed muhamad mo mehmet mohd mohamud mahommed md muhammet
moses moshe musa moise
mustafa mustapha
myfanwy myf
nadezhda nadia nadya nadejda nadiya
nancy nan ann
naomi noemi
natalia natalie nataliya natasha nat tasha nathalie natalya nata
nathan nate nat nathaniel nathanael
neil neal niall
niamh neve
nicholas nick nicky nicolas nico mykola nikolai nikolay mikolaj nikolas klaus nicolae
nicola nicky nicole nikki nic nicolette
noor nur noura nora
norman norm
oksana oxana ksenia
oliver olly ollie olivier
olivia liv livvy olive livia
oluwaseun seun
olga olha
omar umar omer
owen owain ewan euan
padraig patrick paddy
pamela pam
patricia pat trish tricia patsy patrycja patti
patrick pat paddy padraig padraic patryk
paul pawel pavel pavlo paulo pablo paolo pauly
paula pauline polly
penelope penny pen
peter pete petr petro piotr pyotr pedro pierre pietro
philip phillip phil felipe filip pip
philippa phillipa pippa pip phillippa
phyllis phyl
poppy pops
priscilla cilla
rachel rachael rach rachelle raquel
rafael raphael rafal raffi
rajesh raj
raymond ray
rebecca becky bex rebekah becca reba beck
reginald reg reggie
rhiannon rhi
rhys rees reece
richard rick dick rich ricky richie ryszard ricardo dickie
robert rob bob bobby robbie bert roberto rupert robin
roderick rod roddy
rodney rod
roger rodger rog
roland rollo rolly
ronald ron ronnie ronny
rosalind ros roz
rose rosie rosa roza
rosemary rosie rose romy
roxanne roxy roxana
ruth ruthie
ryan rian
sally sal sarah
samantha sam sammy sammie
samuel sam sammy shmuel
sandra sandy alexandra
sanjay sanjai
saoirse sersha
sarah sara sally sadie zara
scott scot
sean shaun shawn shane
sergei sergey serhiy sergiy serge sergio seryozha
sharon shaz sharron
sheila shelagh sheelagh
shirley shirl
siobhan shivaun shevaun
sofia sophia sofie zofia sofiya sofi
sophie sophy sofie
stanley stan stanislaw stanislav
stephanie steph stefanie stephany stefania
stephen steven steve stephan stefan stevie szczepan esteban stefano
stuart stewart stu
sunita suneeta
susan sue susie suzie susannah susanna suzanne zuzanna suzanna zuza
sylvia silvia
tamara tammy tamar
tariq tarik tarek
tatiana tatyana tanya tetiana tetyana tania
teresa theresa tess terry tessa therese
terence terry terrence tel
thaddeus tad ted tadeusz
theodore theo ted teddy fedor feodor
thomas tom tommy tomas tomasz tommaso
timothy tim timmy timofey
tobias toby
tomasz tomek
tracey tracy
tudor tudur
umar omar umer
valentina val valya
valerie val valeria
vanessa nessa ness
vera wiera
victor vic viktor wiktor
victoria vicky vicki tori vikki viktoria wiktoria viktoriia
vikram vik
vincent vince vinnie vincenzo
viola violet
vladimir volodymyr vova vlad wlodzimierz wladimir
walter wally walt
wendy wend
wilfred wilf fred
william bill will billy willy liam wiliam wilhelm guillaume willie
winifred winnie freda
xavier javier xav
yasmin yasmeen jasmin jasmine yas yasmine
yekaterina ekaterina katya
yusuf yousef youssef yousuf yusif joseph
yvonne ivonne
zachary zac zak zachery zack zach zachariah
zainab zaynab zeinab zeynep
zbigniew zbyszek
zoe zoey zoie
";

static LINES: LazyLock<HashMap<&'static str, Vec<u16>>> = LazyLock::new(|| {
    let mut lines: HashMap<&'static str, Vec<u16>> = HashMap::new();
    for (line, number) in NAMES.lines().zip(0_u16..) {
        for name in line.split(' ') {
            lines.entry(name).or_default().push(number);
        }
    }
    lines
});

/// The lines in which a folded given name stands.
pub(crate) fn lines_of(name: &str) -> &'static [u16] {
    LINES.get(name).map_or(&[], Vec::as_slice)
}

/// Whether two folded given names are forms of one name.
#[must_use]
pub fn same_person_names(left: &str, right: &str) -> bool {
    lines_of(left)
        .iter()
        .any(|line| lines_of(right).contains(line))
}

/// Whether the folded word is a given name that is known here, and no slip of the keys.
#[must_use]
pub fn known_name(name: &str) -> bool {
    !lines_of(name).is_empty()
}
