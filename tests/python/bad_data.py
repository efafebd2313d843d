"""Broken inputs, made in code: what each is called, and its bytes. What comes of them stands in bad_data.json."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

NEWS = "قال الوزير في بغداد إن الوفد عاد من القاهرة.\nوأضاف أن اللقاء كان مفيدا للجميع.\n"
CITY = "بغداد"


def read_on(reader: Any) -> tuple[list[Any], list[Exception]]:
    """The texts of a reader and what it raised, iterating on behind every fault."""
    texts: list[Any] = []
    faults: list[Exception] = []
    while True:
        try:
            texts += next(reader).column("text")
        except StopIteration:
            return texts, faults
        except (OSError, ValueError, KeyError) as fault:
            faults.append(fault)


class Bad(NamedTuple):
    """A file with a fault, or one that only seems to have one."""

    name: str
    file: str
    data: bytes
    options: dict[str, Any] | None = None


def line(text: Any, **more: Any) -> str:
    return json.dumps({"text": text, **more}, ensure_ascii=False) + "\n"


def lines(*texts: str) -> bytes:
    return "".join(line(text) for text in texts).encode()


def table(columns: dict[str, list[Any]], **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", data)
    return out.getvalue()


def swapped(data: bytes, old: bytes, new: bytes) -> bytes:
    """The bytes with one place overwritten; it must be there once, and keep its length."""
    assert data.count(old) == 1
    assert len(old) == len(new)
    return data.replace(old, new)


def columns_of(names: list[str], arrays: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([pa.array(array) for array in arrays], names=names), out)
    return out.getvalue()


GOOD = lines("أ", "ب")
PACKED = gzip.compress(GOOD, mtime=0)
SOUND = table({"text": ["أ", "ب", "ج"], "id": ["1", "2", "3"]}, compression="none", use_dictionary=False)
GROUPS = table({"text": [f"نص رقم {n}" for n in range(6)]}, compression="zstd", row_group_size=2, use_dictionary=False)


def bad_group() -> bytes:
    """Three groups of two rows, the second of which has a page that cannot be unpacked."""
    first, last = (pq.ParquetFile(io.BytesIO(GROUPS)).metadata.row_group(n).column(0) for n in (1, 2))
    place = GROUPS.index(b"\x28\xb5\x2f\xfd", first.data_page_offset)
    assert place < last.data_page_offset
    return GROUPS[:place] + b"\0\0\0\0" + GROUPS[place + 4 :]


def bad_letter() -> bytes:
    """Four rows, the third of which has bytes that are no UTF-8."""
    whole = table(
        {"text": ["واحد", "اثنان", "XYZW", "أربعة"]}, compression="none", use_dictionary=False, write_statistics=False
    )
    return swapped(whole, b"XYZW", b"\xff\xfe\xfd\xfc")


def lying_footer() -> bytes:
    return SOUND[:-8] + (1 << 30).to_bytes(4, "little") + b"PAR1"


def rubbish_footer() -> bytes:
    length = int.from_bytes(SOUND[-8:-4], "little")
    return SOUND[: -8 - length] + b"\xff" * length + SOUND[-8:]


ENCODINGS = [
    Bad("utf-8 with a mark", "a.jsonl", b"\xef\xbb\xbf" + GOOD),
    Bad("utf-8 with a mark, csv", "a.csv", '\ufeff"text"\nأ\n'.encode()),
    Bad("utf-16 le with a mark", "a.txt", b"\xff\xfe" + NEWS.encode("utf-16-le")),
    Bad("utf-16 be with a mark", "a.csv", b"\xfe\xff" + f"text\n{NEWS}".encode("utf-16-be")),
    Bad("utf-16 le", "a.jsonl", line(NEWS).encode("utf-16-le")),
    Bad("utf-16 be", "a.txt", NEWS.encode("utf-16-be")),
    Bad("utf-32 with a mark", "a.txt", NEWS.encode("utf-32")),
    Bad("utf-32 be", "a.txt", NEWS.encode("utf-32-be")),
    Bad("windows-1256, txt", "a.txt", NEWS.encode("cp1256")),
    Bad("windows-1256, csv", "a.csv", f"text\n{NEWS}".encode("cp1256")),
    Bad("windows-1256, jsonl", "a.jsonl", (line(NEWS) + line(NEWS)).encode("cp1256")),
    Bad("windows-1256, one line", "a.jsonl", lines("أ") + line(CITY).encode("cp1256") + lines("ب")),
    Bad("windows-1256, one row", "a.csv", "text\nأ\n".encode() + f"{CITY}\n".encode("cp1256") + "ب\n".encode()),
    Bad("iso-8859-6", "a.txt", NEWS.encode("iso8859_6")),
    Bad("mac arabic", "a.txt", f"{NEWS}\u0661\u0662 «نعم»".encode("mac_arabic")),
    Bad("latin-1", "a.txt", "Le café est fermé depuis l'été".encode("latin-1")),
    Bad("mojibake", "a.txt", CITY.encode().decode("cp1252", "replace").encode()),
    Bad("one byte", "a.txt", "قال\nوبعد ".encode() + b"\xffx"),
    Bad("cut in a letter", "a.txt", NEWS.encode()[:-2][:40] + b"\xd9"),
    Bad("nul bytes", "a.csv", "text\nأ\x00ب\n".encode()),
    Bad("zeros", "a.txt", bytes(5000)),
    Bad("blanks", "a.txt", b" " * 30),
]

PACKING = [
    Bad("cut gzip", "a.jsonl.gz", gzip.compress(lines(*map(str, range(50))), 0, mtime=0)[:100]),
    Bad("cut gzip of a text", "a.txt.gz", gzip.compress(NEWS.encode(), 0, mtime=0)[:-9]),
    Bad("gzip with another checksum", "a.jsonl.gz", PACKED[:-8] + b"\1\2\3\4" + PACKED[-4:]),
    Bad("gzip with rubbish behind", "a.jsonl.gz", PACKED + b"rubbish"),
    Bad("gzip with zeros behind", "a.jsonl.gz", PACKED + bytes(512)),
    Bad("two gzips", "a.jsonl.gz", PACKED + gzip.compress(lines("ج"), mtime=0)),
    Bad("gzip in gzip", "a.jsonl.gz", gzip.compress(PACKED, mtime=0)),
    Bad("no gzip", "a.jsonl.gz", GOOD),
    Bad("zip for gzip", "a.jsonl.gz", zipped(GOOD)),
    Bad("gzip by another name", "a.jsonl", PACKED),
    Bad("zip", "a.csv", zipped(b"text\n")),
    Bad("xz", "a.jsonl", lzma.compress(GOOD)),
    Bad("bz2", "a.jsonl", bz2.compress(GOOD)),
    Bad("zstd", "a.jsonl", b"\x28\xb5\x2f\xfd\x04\x00"),
    Bad("pdf", "a.txt", b"%PDF-1.7\n"),
    Bad("parquet by another name", "a.csv", SOUND),
    Bad("empty txt", "a.txt", b""),
    Bad("empty jsonl", "a.jsonl", b""),
    Bad("empty csv", "a.csv", b""),
    Bad("empty tsv", "a.tsv", b""),
    Bad("empty gzip", "a.csv.gz", b""),
    Bad("gzip of nothing", "a.jsonl.gz", gzip.compress(b"", mtime=0)),
    Bad("bomb of zeros", "a.jsonl.gz", gzip.compress(bytes(1 << 24), mtime=0)),
    Bad(
        "bomb of one line",
        "a.jsonl.gz",
        gzip.compress(b'{"text": "' + b"x" * (1 << 20), mtime=0),
        {"max_bytes": 1 << 18},
    ),
    Bad(
        "bomb without end",
        "a.jsonl.gz",
        gzip.compress(lines("أ") + b'{"text": "' + b"x" * (1 << 22), mtime=0),
        {"max_bytes": 1 << 16},
    ),
    Bad("bomb of a text", "a.txt.gz", gzip.compress(b"x" * 50, mtime=0), {"max_bytes": 49}),
    Bad("text of the limit", "a.txt.gz", gzip.compress(b"x" * 50, mtime=0), {"max_bytes": 50}),
    Bad("bomb of parquet", "a.parquet.gz", gzip.compress(SOUND, mtime=0), {"max_bytes": 200}),
]

DELIMITED = [
    Bad("open quote", "a.csv", 'id,text\n1,أ\n2,"ب\n3,ج\n4,د\n'.encode()),
    Bad("open quote before others", "a.csv", 'id,text\n1,"أ\n2,"ب"\n3,"ج ""د"""\n'.encode()),
    Bad("open quote in the names", "a.csv", 'id,"text\n1,أ\n'.encode()),
    Bad("quote inside a cell", "a.csv", 'text\nطوله 5" فقط\nأ "ب" ج\n'.encode()),
    Bad("quoted line breaks", "a.csv", 'id,text\r\n1,"أ\r\nب"\r\n2,x,y\r\n'.encode()),
    Bad("too few and too many cells", "a.csv", "id,text\n1\n2,أ\n3,ب,ج\n4,د\n".encode()),
    Bad("semicolons", "a.csv", "id;text\n1;أ\n".encode()),
    Bad("tabs in csv", "a.csv", "id\ttext\n1\tأ\n".encode()),
    Bad("commas in tsv", "a.tsv", "id,text\n1,أ\n".encode()),
    Bad("one name twice", "a.csv", "text,id,text\nأ,1,ب\n".encode()),
    Bad("no text", "a.csv", "id,body\n1,أ\n".encode()),
    Bad("many columns, no text", "a.csv", (",".join(f"c{n}" for n in range(40)) + "\n").encode()),
    Bad("names only", "a.csv", b"id,text\n"),
    Bad("blank lines", "a.csv", "\n\nid,text\n\n1,أ\n\n2\n".encode()),
    Bad("carriage returns", "a.csv", "id,text\r1,أ\r2,ب\r3\r".encode()),
    Bad("bad days", "a.csv", "text,published\nأ,2025-13-45\nب,yesterday\nج,20250319\nد,2025-03-19\n".encode()),
    Bad("a long row", "a.csv", f"id,text\n1,{'x' * 200}\n2,أ\n".encode(), {"max_bytes": 100}),
    Bad("a long cell in quotes", "a.csv", ('id,text\n1,"' + "x\n" * 200 + '"\n2,أ\n').encode(), {"max_bytes": 100}),
    Bad("an open quote in a long file", "a.csv", ('id,text\n1,"' + "x\n" * 200).encode(), {"max_bytes": 100}),
]

JSON = [
    Bad("a bad line", "a.jsonl", lines("أ") + b"bad\n" + lines("ب")),
    Bad("a bad byte", "a.jsonl", lines("أ") + b'{"text": "\xff"}\n' + lines("ب")),
    Bad("a number for a text", "a.jsonl", (line(5) + line("أ")).encode()),
    Bad("a null for a text", "a.jsonl", line(None).encode()),
    Bad("a list for an object", "a.jsonl", b'["x"]\n' + lines("أ")),
    Bad("a text for an object", "a.jsonl", b'"x"\n' + lines("أ")),
    Bad("a list of all", "a.jsonl", json.dumps([{"text": "x"}]).encode()),
    Bad("a list of all on lines", "a.jsonl", json.dumps([{"text": "x"}, {"text": "y"}], indent=1).encode()),
    Bad("an object on lines", "a.jsonl", json.dumps({"text": "x"}, indent=1).encode()),
    Bad("a key twice", "a.jsonl", b'{"text": "x", "text": "y"}\n' + lines("أ")),
    Bad("another key twice", "a.jsonl", '{"a": 1, "a": 2, "text": "أ"}\n'.encode()),
    Bad("no text", "a.jsonl", b'{"body": "x", "title": "y"}\n'),
    Bad("a lone surrogate", "a.jsonl", b'{"text": "\\ud800 x"}\n' + lines("أ")),
    Bad("deep lists", "a.jsonl", b'{"text": ' + b"[" * 100_000 + b"\n" + lines("أ")),
    Bad("deep lists elsewhere", "a.jsonl", b'{"text": "x", "a": ' + b"[" * 100_000 + b"\n" + lines("أ")),
    Bad("not a number", "a.jsonl", b'{"text": NaN}\n' + lines("أ")),
    Bad("a comma too many", "a.jsonl", b'{"text": "x",}\n' + lines("أ")),
    Bad("single quotes", "a.jsonl", b"{'text': 'x'}\n" + lines("أ")),
    Bad("a cut line", "a.jsonl", GOOD + '{"text": "ج'.encode()),
    Bad("carriage returns", "a.jsonl", GOOD.replace(b"\n", b"\r")),
    Bad(
        "bad days",
        "a.jsonl",
        (line("أ", published="2025-13-45") + line("ب", published=20250319) + line("ج", published="")).encode(),
    ),
    Bad(
        "ids",
        "a.jsonl",
        (
            line("أ", id=10**30) + line("ب", id=1.5) + line("ج", id=None) + line("د", id=[1]) + line("ه", id=2**63)
        ).encode(),
    ),
    Bad("one id twice", "a.jsonl", (line("أ", id="1") + line("ب", id="1")).encode()),
    Bad("a long line", "a.jsonl", lines("أ", "x" * 2000, "ب"), {"max_bytes": 1000}),
    Bad("a long bad day", "a.jsonl", line("أ", published="x" * 1000).encode()),
]

PARQUET = [
    Bad("empty", "a.parquet", b""),
    Bad("without its head", "a.parquet", SOUND[100:]),
    Bad("cut in the middle", "a.parquet", SOUND[: len(SOUND) // 2]),
    Bad("cut in the footer", "a.parquet", SOUND[:-20]),
    Bad("another magic", "a.parquet", b"XXXX" + SOUND[4:]),
    Bad("encrypted", "a.parquet", SOUND[:-4] + b"PARE"),
    Bad("a footer that lies", "a.parquet", lying_footer()),
    Bad("a footer of rubbish", "a.parquet", rubbish_footer()),
    Bad("csv by another name", "a.parquet", b"id,text\n1,x\n"),
    Bad("zip by another name", "a.parquet", zipped(b"x")),
    Bad("gzip by another name", "a.parquet", gzip.compress(SOUND, mtime=0)),
    Bad("a bad page", "a.parquet", bad_group()),
    Bad("a bad letter", "a.parquet", bad_letter()),
    Bad(
        "bad days",
        "a.parquet",
        table({"text": ["أ", "ب", "ج", "د"], "published": ["2025-13-45", "2025-03-19", "yesterday", None]}),
    ),
    Bad("numbers for texts", "a.parquet", table({"text": [1, 2]})),
    Bad("numbers for days", "a.parquet", table({"text": ["أ"], "published": [20250319]})),
    Bad("floats for ids", "a.parquet", table({"text": ["أ"], "id": [1.0]})),
    Bad("lists for texts", "a.parquet", table({"text": [["أ"]]})),
    Bad("one name twice", "a.parquet", columns_of(["text", "text"], [["أ"], ["ب"]])),
    Bad("no text", "a.parquet", table({"body": ["أ"]})),
    Bad("a long text", "a.parquet", table({"text": ["أ", "x" * 200, "ب"]}), {"max_bytes": 100}),
    Bad("no rows", "a.parquet", table({"text": pa.array([], pa.string())})),
]

CASES = {"encodings": ENCODINGS, "packing": PACKING, "delimited": DELIMITED, "json": JSON, "parquet": PARQUET}

#: For each case the texts that come out, and the messages behind the path; {bytes} is how long the file is.
EXPECTED: dict[str, dict[str, dict[str, Any]]] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)
