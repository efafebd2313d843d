"""Builds the place lists that come from published data: python tools/build_places.py [FOLDER]

FOLDER holds the lists of facts named below (default: $MARSAD_LEXICON_SOURCES, else ../shared/lexicon beside
the repository). Written, under data/entities/place/:

  geonames.tsv      cities of GeoNames (CC-BY-4.0), id gn:<geonames id>
  subdivisions.tsv  ISO 3166-2 subdivisions of Unicode CLDR (Unicode-3.0), id iso3166-2:XX-YY

The hand-written lists under data/entities/ come first: what they hold is not repeated here. The output depends
only on FOLDER and on those lists; run it again whenever they change. Standard library only.

Which names are taken
  * Arab countries: every city. Elsewhere: cities of at least 100,000 inhabitants. All subdivisions.
  * A name is skipped when it holds a letter outside the Arabic alphabet, is shorter than three letters, holds a
    particle or one word twice, only says where or what a thing is ("الشمالية", "وسط المدينة"), or is one of the COMMON_DROP
    commonest words ("جامعة", "معبر": after "مدينة" or "منطقة" they are seldom a name).
  * A class noun at the front ("محافظة", "ولاية") is taken off, except where the bare name is another place: then
    the row is left out. A place that a hand-written list already holds, by its Arabic or English name, is left out.
  * Two places of one name: the more populous keeps it. A subdivision gives way to a city.

What `needs` says (precision first; the comparison is made on the folded form, so "ماليه" is "مالية")
  `head`  a single word that (a) is among the COMMON commonest folded word forms of Unilex, with or without "ال", or
          after taking off one leading proclitic or one ending (COMMON_CUT of them), or is one of them behind a
          proclitic ("زاريا" and "وزاريا"), or ends as a verb does, (b) is a given name, a family name, a word of a
          personal name, of a sport club's or of a person or organisation of the hand-written lists, (c) is a nationality word, (d) has fewer than LETTERS letters, (e) is a
          place of an Arab country, hence nearly always an Arabic word, (f) is not tagged as Arabic by GeoNames and
          may be Persian, Urdu or Kurdish, or (g) is a subdivision: the news says "ولاية" or "مقاطعة" before nearly
          all of those; or several words that are all names of persons, all
          ordinary words (among the COMMON_PHRASE commonest; COMMON_PHRASE_ARAB in an Arab country), or a saint.
  `-`     every other name.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lint_entities import key

ROOT = Path(__file__).resolve().parent.parent
PLACES = ROOT / "data" / "entities" / "place"
OUTPUTS = {"geonames.tsv", "subdivisions.tsv"}

COMMON = 60_000
COMMON_CUT = 20_000
COMMON_DROP = 3_000
COMMON_PHRASE = 15_000
COMMON_PHRASE_ARAB = 30_000
LETTERS = 5
WORLD_POPULATION = 100_000

ARAB = set("AE BH DJ DZ EG EH IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE".split())
OTHER_SCRIPT_USERS = set("AF AZ BD CN ID IN IR KG KZ MY NG PK TJ TM TR UZ".split())

CLASS = """محافظة ولاية مقاطعة إمارة منطقة إقليم قضاء بلدية مدينة كانتون أبرشية إدارة دائرة قسم جهة ناحية شعبية
    مديرية لواء بلدة قرية حي ضاحية حاضرة كوميون رعية جمهورية دولة فويفود كراي أوبلاست أوكروغ معتمدية عمالة
    مركز مجلس مخيم مملكة كونتية كومونة نهيج فويفودية أبريشة مقاطغة بلديه المقاطعة المحافظة المنطقة الولاية الإقليم البلدية""".split()
CLASS_KEYS = {key(word) for word in CLASS}
DEFINITE_CLASS = {
    key(word) for word in "المقاطعة المحافظة المنطقة الولاية الإقليم البلدية المدينة الجزيرة القسم الدائرة".split()
}
TAIL_KEYS = {key(word) for word in "أوبلاست كراي أوكروغ سيتي".split()} - {key("سيتي")}
WHERE = {
    key(word)
    for word in """شمال جنوب شرق غرب وسط شمالي جنوبي شرقي غربي الشمال الجنوب الشرق الغرب الوسط الشمالية الجنوبية
    الشرقية الغربية الوسطى المركزية المركز العاصمة الشمالي الجنوبي الشرقي الغربي الأوسط المتوسط العليا السفلى
    الكبرى الصغرى الكبير الصغير الجديدة القديمة الداخلية الخارجية الساحلية الساحل الجبل الجزر البحر النهر الريف
    المدينة القرية المنطقة المحافظة الولاية الجزيرة الوادي الحدود المحيط الإقليم الاتحادية الخاصة الحكم الذاتي
    الشمالية الغربية ومدينة وريف و تشيلي""".split()
}
PARTICLES = {
    key(word)
    for word in "القديس القديسة كان في من على إلى عن أو مع و بين أن لا ما هو هي ذات غير كل بعض تابعة التابعة".split()
}
LINKS = {key(word) for word in "بن ابن بنت أبو أبي أم آل عبد سيدي مولاي الحاج الشيخ".split()}
SAINT = {key(word) for word in "سان سانت سانتا ساو".split()}
ENDINGS = ("ه", "ها", "هم", "نا", "ي", "ا", "ان", "ين", "ون", "ات")
ARABIC = re.compile(r"^[\u0621-\u063A\u0641-\u064A]+(?:[ \-][\u0621-\u063A\u0641-\u064A]+)*$")


def cells(path: Path):
    with path.open(encoding="utf-8") as handle:
        for line in handle:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                yield line.split("\t")


def slug(name: str) -> str:
    """An English name as hand-written ids spell it."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = re.sub(r"^(al|ad|an|ar|as|ash|at|az|el)[ -]", "", plain, flags=re.I)
    return re.sub(r"[^A-Z0-9]+", "_", re.sub(r"['’‘ʿʾ]", "", plain).upper()).strip("_")


class Evidence:
    """What speaks against a name standing alone."""

    def __init__(self, folder: Path) -> None:
        self.rank: dict[str, int] = {}
        for row in cells(folder / "wordfreq_unilex_ar_60k.tsv"):
            self.rank.setdefault(key(row[0]), len(self.rank))
        self.persons: set[str] = set()
        for name in ("given_names.tsv", "family_names.tsv", "name_tokens_wikidata_netranslit.tsv"):
            for row in cells(folder / name):
                for form in [row[2], *row[3].split("|")]:
                    if form:
                        self.persons.add(key(form))
        self.first_names = {
            key(row[2]) for name in ("given_names.tsv", "family_names.tsv") for row in cells(folder / name)
        }
        for name in ("org_sportclubs_arwikicats.tsv", "per_people_arwikicats.tsv"):
            for row in cells(folder / name):
                for form in [row[2], *row[3].split("|")]:
                    self.persons.update(key(word) for word in re.split(r"[ \-]", form) if len(word) > 2)
        self.nationalities: set[str] = set()
        for row in cells(folder / "nat_nationalities_arwikicats.tsv"):
            self.nationalities.update(key(form) for form in [row[2], *row[3].split("|")] if form)

    def common(self, word: str, limit: int) -> bool:
        forms = [word, word[2:]] if word.startswith("ال") else [word, "ال" + word]
        return any(self.rank.get(form, limit) < limit for form in forms)

    def ordinary(self, folded: str, arab: bool) -> str:
        """Why this folded name needs a head word; empty when it does not."""
        words = re.split(r"[ \-]", folded)
        if len(words) == 1:
            if len(folded) < LETTERS:
                return "short"
            if self.common(folded, COMMON):
                return "common"
            if folded[0] in "وفبلك" and len(folded) > 4 and self.common(folded[1:], COMMON_CUT):
                return "proclitic"
            if any(folded.endswith(end) and self.common(folded.removesuffix(end), COMMON_CUT) for end in ENDINGS):
                return "ending"
            if folded.endswith("وا") or any(
                self.common(letter + folded, COMMON) or self.common((letter + folded).removesuffix("ا"), COMMON_CUT)
                for letter in "وفبلك"
            ):
                return "proclitic"
            if folded in self.nationalities or "ال" + folded in self.nationalities:
                return "nationality"
            if folded in self.persons or (folded.startswith("ال") and folded[2:] in self.persons):
                return "person"
            return "Arab country" if arab else ""
        bare = [word for word in words if word not in LINKS]
        if all(word in self.first_names or word.removeprefix("ال") in self.first_names for word in bare):
            return "person words"
        if all(self.common(word, COMMON_PHRASE_ARAB if arab else COMMON_PHRASE) for word in words):
            return "common words"
        if words[0] in SAINT and len(words) == 2:
            return "saint"
        return ""


def clean(raw: str) -> tuple[str, bool] | None:
    """The bare name and whether a class noun was taken off; None when the name is not usable."""
    name = unicodedata.normalize("NFC", raw).split("،")[0]
    name = re.sub(r"[\u064B-\u0652\u0640\u200e\u200f]", "", name)
    name = re.sub(r"\s*[\-–]\s*", "-", name)
    name = " ".join(name.split())
    words = name.split(" ")
    stripped = False
    while len(words) > 1 and key(words[0]) in CLASS_KEYS:
        if key(words[0]) in DEFINITE_CLASS:
            return None
        words, stripped = words[1:], True
    while len(words) > 1 and key(words[-1]) in TAIL_KEYS:
        words, stripped = words[:-1], True
    name = " ".join(words)
    folded = [key(word) for word in re.split(r"[ \-]", name)]
    if not ARABIC.match(name) or len(name.replace(" ", "")) < 3:
        return None
    if any(word in ("ال", "الم") for word in folded):
        return None
    if len(folded) > 1 and any(word in CLASS_KEYS for word in folded[1:]):
        return None
    if any(word in PARTICLES for word in folded) or all(word in WHERE or word in CLASS_KEYS for word in folded):
        return None
    if folded[0] == key("العاصمة") or len(set(folded)) < len(folded) or any(len(word) == 1 for word in folded):
        return None
    return name, stripped


def hand_written() -> tuple[dict[str, set[str]], set[str], set[str]]:
    """Of every list that is not built here: folded alias -> its `needs`; the ids of places; the words of other names."""
    words: set[str] = set()
    aliases: dict[str, set[str]] = {}
    ids: set[str] = set()
    for path in sorted((ROOT / "data" / "entities").glob("*/*.tsv")):
        if path.name in OUTPUTS:
            continue
        for row in cells(path):
            if len(row) == 4 and row[0] != "id":
                aliases.setdefault(key(row[3]), set()).add(row[2])
                if path.parent.name == "place":
                    ids.add(row[0])
                elif path.parent.name in ("person", "organisation"):
                    words.update(re.split(r"[ \-]", key(row[3])))
    return aliases, ids, words


def write(path: Path, header: list[str], rows: list[tuple[str, str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for line in header:
            out.write(f"# {line}\n")
        out.write("id\ttype\tneeds\talias\n")
        for ident, needs, alias in rows:
            out.write(f"{ident}\tLOC\t{needs}\t{alias}\n")


def build(folder: Path) -> None:
    evidence = Evidence(folder)
    hand, hand_ids, words = hand_written()
    evidence.persons |= words
    stems = hand_ids | {re.sub(r"_[A-Z]{2}$", "", ident) for ident in hand_ids}
    taken: dict[str, str] = {}
    why: Counter[str] = Counter()

    def directed(folded: str) -> bool:
        """ "شمال" and a place: a description, not a name."""
        first, _, rest = folded.partition(" ")
        return first in WHERE and (rest in hand or rest in taken)

    def give(ident: str, names: list[str], arab: bool, strict: str) -> list[tuple[str, str, str]]:
        rows = []
        for raw in names:
            usable = clean(raw)
            if usable is None:
                why["not usable"] += 1
                continue
            name, _ = usable
            folded = key(name)
            if folded in taken:
                why["another place"] += taken[folded] != ident
                continue
            if folded in hand or directed(folded):
                why["hand-written"] += 1
                continue
            if evidence.rank.get(folded, COMMON_DROP) < COMMON_DROP:
                why["among the commonest words"] += 1
                continue
            reason = evidence.ordinary(folded, arab)
            if not reason and strict and not re.search("[ -]", folded):
                reason = strict
            why["needs head: " + reason if reason else "stands alone"] += 1
            taken[folded] = ident
            rows.append((ident, "head" if reason else "-", name))
        return rows

    def covered(names: list[str], english: str) -> bool:
        if slug(english) in stems:
            return True
        return any((usable := clean(name)) and key(usable[0]) in hand for name in names)

    side = {row[0]: (row[1], int(row[2]), row[3] == "tagged") for row in cells(folder / "loc_cities_geonames.side.tsv")}
    cities = []
    for row in cells(folder / "loc_cities_geonames.tsv"):
        ident = re.match(r"gn:(\d+)", row[1]).group(1)
        country, population, tagged = side[ident]
        if country not in ARAB and population < WORLD_POPULATION:
            continue
        cities.append((-population, int(ident), country, tagged, [row[2], *filter(None, row[3].split("|"))], row[4]))
    out: list[tuple[str, str, str]] = []
    for _, ident, country, tagged, names, english in sorted(cities):
        if covered(names, english):
            why["covered by hand"] += 1
            continue
        out += give(
            f"gn:{ident}", names, country in ARAB, "untagged" if not tagged and country in OTHER_SCRIPT_USERS else ""
        )
    write(
        PLACES / "geonames.tsv",
        [
            "source: GeoNames (https://www.geonames.org/), Arabic names of cities; built by tools/build_places.py",
            "licence: CC-BY-4.0",
            "about: cities that the hand-written lists do not hold (Arab countries: all; elsewhere: 100,000 inhabitants or more)",
        ],
        out,
    )
    print(
        f"geonames.tsv: {len({row[0] for row in out})} ids, {len(out)} aliases, {sum(row[1] == '-' for row in out)} of them stand alone"
    )
    print("  " + ", ".join(f"{name} {count}" for name, count in why.most_common()))

    why.clear()
    out = []
    for row in cells(folder / "loc_subdivisions_cldr.tsv"):
        names = [row[2], *filter(None, row[3].split("|"))]
        if covered(names, row[4]):
            why["covered by hand"] += 1
            continue
        out += give(row[1].split(";")[0], names, row[1][11:13] in ARAB, "subdivision")
    write(
        PLACES / "subdivisions.tsv",
        [
            "source: Unicode CLDR 41, common/subdivisions/ar.xml (https://cldr.unicode.org/); built by tools/build_places.py",
            "licence: Unicode-3.0",
            "about: ISO 3166-2 subdivisions that the hand-written lists and geonames.tsv do not hold, without their class nouns",
        ],
        out,
    )
    print(
        f"subdivisions.tsv: {len({row[0] for row in out})} ids, {len(out)} aliases, {sum(row[1] == '-' for row in out)} of them stand alone"
    )
    print("  " + ", ".join(f"{name} {count}" for name, count in why.most_common()))


if __name__ == "__main__":
    default = os.environ.get("MARSAD_LEXICON_SOURCES") or ROOT.parent / "shared" / "lexicon"
    build(Path(sys.argv[1] if len(sys.argv) > 1 else default))
