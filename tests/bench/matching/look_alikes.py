#!/usr/bin/env python3
"""People who look alike, in two files, with the truth: for measuring whom a matcher confuses.

look_alikes.py OUT [--people N] [--seed S] [--profile plain|hard|twins|clean] [--columns names|all]

`left.csv` has one record of each person of a register; `right.csv` what came in: records of some of them, with
mistakes and changes of life, and of people who are not in the register, among them the twins, parents, partners
and namesakes of those who are. `truth.csv` has the pairs that are one person. Nobody in it exists.
"""
import argparse, csv, datetime, os, random, unicodedata

WOMEN = """Olivia Amelia Emily Jessica Sophie Charlotte Hannah Lauren Rebecca Rachel Laura Gemma Emma Claire Sarah Nicola Karen
Julie Susan Margaret Patricia Christine Jacqueline Amanda Louise Helen Catherine Elizabeth Victoria Samantha Natalie Danielle
Kelly Stacey Leanne Kirsty Hayley Zoe Chloe Megan Bethany Georgia Eleanor Alice Grace Lucy Ruth Joanna Heather Angela Maria
Fatima Aisha Khadija Zainab Noor Priya Sunita Lakshmi Anjali Mei Yuki Natalia Yevgenia Tatiana Yuliya Oksana Małgorzata
Agnieszka Katarzyna Zuzanna Siobhán Niamh Saoirse Caoimhe Bronwen Angharad Zoë Chloé Renée Sofía Lucía Ngozi Chioma Folasade
Blessing Abigail Deborah Esther Naomi Gillian Philippa Frances Josephine Rosemary Teresa Stephanie Jennifer Katherine Isabelle
Ella Emilia Mia Maya Lily Lola Leah Lia Tia Kayla Kyla Ellie Millie""".split()
MEN = """Jack Thomas James Joshua Daniel Matthew Samuel Joseph Benjamin William Michael David John Paul Andrew Mark Stephen
Christopher Richard Robert Anthony Kevin Peter Simon Ian Alan Martin Neil Graham Philip Edward George Henry Oliver Alexander
Nicholas Jonathan Timothy Patrick Sean Connor Liam Ryan Callum Mohammed Ahmed Ali Hassan Hussein Omar Yusuf Ibrahim Tariq
Rajesh Sanjay Vikram Arjun Gurpreet Wei Chen Aleksandr Dmitri Sergei Mykola Volodymyr Łukasz Paweł Grzegorz Krzysztof
Tomasz Jiří Søren Björn Jürgen José Ciarán Pádraig Dafydd Gwilym Emeka Kwame Kofi Declan Dominic Frederick Kenneth Lawrence
Raymond Theodore Zachary Jayden Kayden Aiden Harry Harvey Leo Theo Louis Lewis""".split()
FAMILY = """Smith Jones Taylor Williams Brown Davies Evans Wilson Thomas Johnson Roberts Walker Wright Robinson Thompson White Hughes
Edwards Green Lewis Wood Harris Martin Jackson Clarke Clark Turner Hill Cooper Ward Moore Morris King Watson Baker Harrison
Morgan Patel Khan Ahmed Ali Hussain Begum Singh Kaur Shah Rahman Iqbal Mahmood Nguyen Chen Wong Kowalski Nowak Wójcik
Szymański Müller Schröder Weiß Åkesson Sørensen García Núñez Fernández O'Brien O'Neill McDonald MacDonald Mackenzie
Fitzgerald Kelly Murphy Byrne Walsh Ryan Shevchenko Kovalenko Ivanova Yakovlev Zhukova Khrushchev Papadopoulos Yılmaz
Özdemir Okafor Adeyemi Mensah Boateng Abdullahi Mohamud al-Hassan bin-Saeed de-Souza van-Dijk""".split()
STEMS = "Ash Barn Black Brad Broad Burn Carl Clay Cross Dal Dun East Fair Farn Glen Hart Hazel Hol Kirk Lang Mar Mill Nor Oak Pem Red Ros Sher Stan Thorn Under Wal West Whit Wool".split()
ENDS = "bury by croft dale den field ford gate ham hurst ington land ley man more ridge son stone thorpe ton well wick wood worth".split()
STREETS = "High Church Mill Station Park Victoria Green Manor Kings Queens School Chapel London North South New Grange York Albert Alexandra Windsor Springfield Broad West Main".split()
KINDS = "Street Road Avenue Close Lane Drive".split()
TOWNS = "Ashbourne Belford Carnham Dunwell Eastmere Fenwick Garston Holbeck Ilford Kirton Langley Marston Norwell Oakham Pelham Redford".split()
FORMS = {k: v.split() for k, v in {
 "Elizabeth": "Liz Beth Lizzie Elisabeth", "Katherine": "Kate Kathryn Catherine Katie", "Catherine": "Cath Kate Katherine", "Margaret": "Maggie Peggy",
 "Jacqueline": "Jackie Jacqui", "Deborah": "Debbie Debra", "Patricia": "Pat Trish", "Susan": "Sue", "Christine": "Chris", "Victoria": "Vicky Vikki",
 "Samantha": "Sam", "Rebecca": "Becky Rebekah", "Jennifer": "Jenny Jen", "Stephanie": "Steph", "Abigail": "Abi Abbie", "Philippa": "Pippa", "Josephine": "Jo Josie",
 "Rachel": "Rachael", "Isabelle": "Izzy Isabel Isobel", "Yevgenia": "Evgenia Yevheniya Евгения", "Tatiana": "Tatyana Татьяна", "Yuliya": "Julia Yulia Юлия",
 "Natalia": "Nataliya Наталья", "Małgorzata": "Malgorzata Gosia", "Agnieszka": "Aga", "Katarzyna": "Kasia", "Siobhán": "Siobhan", "Zoë": "Zoe", "Chloé": "Chloe",
 "Renée": "Renee", "Sofía": "Sofia Sophia", "Lucía": "Lucia", "Fatima": "Fatimah Fatema", "Aisha": "Ayesha Aysha", "Khadija": "Khadijah", "Zainab": "Zaynab Zeinab",
 "Thomas": "Tom", "James": "Jim Jamie", "Joshua": "Josh", "Daniel": "Dan Danny", "Matthew": "Matt", "Samuel": "Sam", "Joseph": "Joe", "Benjamin": "Ben", "William": "Will Bill",
 "Michael": "Mike", "Andrew": "Andy", "Stephen": "Steve Steven", "Christopher": "Chris", "Richard": "Rick Dick", "Robert": "Bob Rob", "Anthony": "Tony", "Edward": "Ed Ted",
 "Alexander": "Alex", "Nicholas": "Nick", "Jonathan": "Jon", "Timothy": "Tim", "Mohammed": "Muhammad Mohamed Mohammad", "Ahmed": "Ahmad", "Hussein": "Hussain Husain",
 "Yusuf": "Yousef Youssef", "Hassan": "Hasan", "Aleksandr": "Alexander Oleksandr Александр", "Dmitri": "Dmitry Dmytro Дмитрий", "Sergei": "Sergey Serhiy Сергей",
 "Łukasz": "Lukasz", "Paweł": "Pawel", "Søren": "Soren", "Björn": "Bjorn Bjoern", "Jürgen": "Juergen Jurgen", "José": "Jose", "Ciarán": "Ciaran Kieran",
 "Müller": "Mueller Muller", "Schröder": "Schroeder Schroder", "Weiß": "Weiss", "Szymański": "Szymanski", "Wójcik": "Wojcik", "García": "Garcia", "Núñez": "Nunez",
 "McDonald": "MacDonald Mc-Donald", "O'Brien": "OBrien O’Brien", "O'Neill": "ONeill O'Neil", "Shevchenko": "Шевченко Chevchenko", "Kovalenko": "Коваленко", "Yakovlev": "Iakovlev Яковлев",
 "al-Hassan": "Al-Hasan Alhassan", "de-Souza": "De-Souza D'Souza", "van-Dijk": "Van-Dyk", "Hussain": "Husain Hussein", "Rahman": "Rehman", "Papadopoulos": "Παπαδόπουλος", "Özdemir": "Ozdemir Oezdemir",
}.items()}
PROFILES = {
 "plain": dict(slip=.03, form=.04, birth=.025, blank=.01, swap=.005, moved=.12, married=.04, initial=.005, family=.10, namesake=.02, overlap=.5),
 "hard": dict(slip=.10, form=.10, birth=.08, blank=.05, swap=.02, moved=.25, married=.08, initial=.02, family=.30, namesake=.08, overlap=.5),
 "twins": dict(slip=.05, form=.05, birth=.03, blank=.02, swap=.005, moved=.10, married=.04, initial=.01, family=.80, namesake=.10, overlap=.5),
 "clean": dict(slip=.005, form=.01, birth=.003, blank=0, swap=.001, moved=.05, married=.02, initial=0, family=.05, namesake=.01, overlap=.8),
}

def main():
    parse = argparse.ArgumentParser()
    parse.add_argument("out"); parse.add_argument("--people", type=int, default=20000); parse.add_argument("--seed", type=int, default=1)
    parse.add_argument("--profile", choices=PROFILES, default="plain"); parse.add_argument("--columns", choices=["names", "all"], default="names")
    args = parse.parse_args()
    draw, rates = random.Random(args.seed), PROFILES[args.profile]
    chance = lambda share: draw.random() < share
    zipf = lambda names: names[min(int(len(names) * draw.random() ** 1.8), len(names) - 1)]
    rare = [stem + end for stem in STEMS for end in ENDS]
    draw.shuffle(rare)
    family_name = lambda: zipf(FAMILY) if chance(.55) else zipf(rare)
    given_name = lambda woman: zipf(WOMEN if woman else MEN)
    codes = ["%s%d %d%s%s" % (draw.choice(["QQ", "XX", "ZV", "JJ"]), draw.randint(1, 60), draw.randint(1, 9), draw.choice("ABDEFGH"), draw.choice("JLNPQRST")) for _ in range(args.people // 12 + 50)]
    def place():
        code = draw.choice(codes); local = random.Random(code)
        return dict(postcode=code, address=f"{draw.randint(1, 90)} {local.choice(STREETS)} {local.choice(KINDS)}", suburb=local.choice(TOWNS))
    def born(first=1955, last=2004):
        return datetime.date(draw.randint(first, last), 1, 1) + datetime.timedelta(draw.randint(0, 364))
    def person(**known):
        made = dict(woman=chance(.8), former="", married=""); made.update(place()); made["family"] = family_name(); made["birth"] = born(); made.update(known)
        made.setdefault("given", given_name(made["woman"])); return made
    plain = lambda name: unicodedata.normalize("NFKD", name).encode("ascii", "ignore")
    def near(name, woman):
        """A name as parents give twins: of the same first letter, or a letter or two away."""
        like = [one for one in (WOMEN if woman else MEN) if plain(one) != plain(name) and one not in FORMS.get(name, []) and (one[0] == name[0] or sum(a != b for a, b in zip(one, name)) + abs(len(one) - len(name)) <= 2)]
        return draw.choice(like) if like else draw.choice(WOMEN if woman else MEN)
    def relative(one):
        home = {key: one[key] for key in ("postcode", "address", "suburb")}
        kind = draw.choices(["twin", "parent", "sibling", "couple"], [30, 25, 20, 25])[0]
        if kind == "twin":
            woman = one["woman"] if chance(.65) else not one["woman"]
            given = near(one["given"], woman) if chance(.35) else given_name(woman)
            while plain(given) == plain(one["given"]): given = near(given, woman)
            return person(**home, family=one["family"], birth=one["birth"], woman=woman, given=given)
        if kind == "parent":
            birth = one["birth"] - datetime.timedelta(draw.randint(19 * 365, 38 * 365))
            if chance(.05): birth = one["birth"].replace(year=one["birth"].year - draw.choice([20, 21, 25, 30]), day=min(28, one["birth"].day))
            given = dict(given=one["given"], woman=one["woman"]) if chance(.15) else {}
            return person(**home, family=one["family"], birth=birth, **given)
        if kind == "sibling":
            return person(**home, family=one["family"], birth=one["birth"] + datetime.timedelta(draw.randint(300, 2500)))
        return person(**home, birth=one["birth"] + datetime.timedelta(draw.randint(-2500, 2500)), woman=not one["woman"], **(dict(family=one["family"]) if chance(.7) else {}))
    def namesake(one):
        birth = draw.choice([born(), one["birth"] + datetime.timedelta(draw.choice([-1, 1]) * draw.randint(1, 700)), one["birth"].replace(year=one["birth"].year + draw.choice([-1, 1, 10, -10]), day=min(28, one["birth"].day))])
        return person(given=one["given"], family=one["family"], woman=one["woman"], birth=birth)
    people = []
    while len(people) < args.people:
        one = person(); people.append(one)
        if chance(rates["family"]): people.append(relative(one))
        if chance(rates["namesake"]): people.append(namesake(one))
    def slip(word):
        if len(word) < 3: return word
        at = draw.randint(1, len(word) - 2); letter = draw.choice("abcdefghijklmnoprstuvwyz"); kind = draw.randint(0, 3)
        return [word[:at] + letter + word[at + 1:], word[:at] + word[at + 1:], word[:at] + letter + word[at:], word[:at] + word[at + 1] + word[at] + word[at + 2:]][kind]
    def written(one, dirty):
        row = dict(given_name=one["given"], family_name=one["family"], date_of_birth=one["birth"].isoformat(), gender="F" if one["woman"] else "M", postcode=one["postcode"], address=one["address"], suburb=one["suburb"])
        if not dirty: return row
        if chance(rates["married"] if one["woman"] else rates["married"] / 10):
            name = family_name(); row["family_name"] = f"{one['family']}-{name}" if chance(.2) else name
            if chance(.5): row.update(place())
        elif chance(rates["moved"]): row.update(place())
        for key in ("given_name", "family_name"):
            forms = FORMS.get(row[key])
            if forms and chance(rates["form"] * 2): row[key] = draw.choice(forms)
            elif chance(rates["slip"]): row[key] = slip(row[key])
        if chance(rates["initial"]): row["given_name"] = row["given_name"][0]
        if chance(rates["swap"]): row["given_name"], row["family_name"] = row["family_name"], row["given_name"]
        if chance(rates["birth"]):
            year, month, day = row["date_of_birth"].split("-"); kind = draw.randint(0, 3)
            if kind == 0 and int(day) <= 12: month, day = day, month
            elif kind == 1: day = "%02d" % draw.randint(1, 28)
            elif kind == 2: year = str(int(year) + draw.choice([-1, 1, 10, -10]))
            else: month = "%02d" % draw.randint(1, 12)
            row["date_of_birth"] = f"{year}-{month}-{day}"
        if chance(rates["slip"]): row["postcode"] = slip(row["postcode"]).upper()
        if chance(rates["slip"] * 2): row["address"] = slip(row["address"])
        for key in ("date_of_birth", "postcode", "given_name", "address", "gender"):
            if chance(rates["blank"]): row[key] = ""
        return row
    left, right, truth = [], [], []
    for number, one in enumerate(people):
        known, comes = chance(.75), chance(rates["overlap"])
        if known: left.append((f"a{number}", written(one, False)))
        if comes: right.append((f"b{number}", written(one, True)))
        if known and comes: truth.append((f"a{number}", f"b{number}"))
    draw.shuffle(left); draw.shuffle(right); os.makedirs(args.out, exist_ok=True)
    columns = ["given_name", "family_name", "date_of_birth", "postcode"] + (["address", "suburb", "gender"] if args.columns == "all" else [])
    for name, rows in (("left", left), ("right", right)):
        with open(f"{args.out}/{name}.csv", "w", newline="") as file:
            writer = csv.writer(file); writer.writerow(["id"] + columns)
            writer.writerows([id] + [row[column] for column in columns] for id, row in rows)
    with open(f"{args.out}/truth.csv", "w", newline="") as file:
        writer = csv.writer(file); writer.writerow(["left_id", "right_id"]); writer.writerows(truth)

main()
