"""Convert the public tables of administrative units into the files of `src/giaoban/catalogue/admin/`.

    python scripts/build_admin_catalogue.py FOLDER_WITH_THE_THREE_TABLES

The tables (provinces_2025.csv, communes_2025.csv, commune_mapping_2025.csv) come from the Statistics Office's catalogue
of 10 October 2026 and from public packages (see catalogue/admin/ATTRIBUTION.md). The script runs once for each new
edition of the tables; the product itself reads only what it wrote. What does not fit is listed in exceptions.csv.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
from giaoban.core.text import nfc, same_words

OUT = Path(__file__).resolve().parents[1] / "src" / "giaoban" / "catalogue" / "admin"
REFORM = "2025-07-01"
KNOWN_PROVINCES = "1995-01-01"  # the first year of the Statistics Office's series
KNOWN_LOWER = "2020-01-01"  # districts and communes: the state of 30 June 2025, taken to hold since
KINDS = {
    "Thành phố trực thuộc": "city", "Tỉnh": "province", "Huyện": "district", "Quận": "urban_district",
    "Thị xã": "town", "Thành phố": "provincial_city", "Xã": "commune", "Phường": "ward", "Thị trấn": "township",
    "Đặc khu": "special_zone",
}  # fmt: skip
NA = "Quốc hội"
COMMITTEE = "Ủy ban Thường vụ Quốc hội"

DECISIONS = [
    ("NQ22-2003", "22/2003/QH11", "2003-11-26", NA, "Về việc chia và điều chỉnh địa giới hành chính một số tỉnh", ""),
    ("NQ15-2008", "15/2008/QH12", "2008-05-29", NA,
     "Về việc điều chỉnh địa giới hành chính thành phố Hà Nội và một số tỉnh có liên quan", ""),
    ("NQ175-2024", "175/2024/QH15", "2024-11-30", NA,
     "Về việc thành lập thành phố Huế trực thuộc trung ương", ""),
    ("NQ202-2025", "202/2025/QH15", "2025-06-12", NA, "Về việc sắp xếp đơn vị hành chính cấp tỉnh",
     "Chính quyền địa phương mới hoạt động từ 01/7/2025"),
    ("NQ203-2025", "203/2025/QH15", "2025-06-16", NA,
     "Sửa đổi, bổ sung một số điều của Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam",
     "Đơn vị hành chính cấp huyện kết thúc hoạt động từ 01/7/2025"),
    ("NQ30-2026", "30/2026/QH16", "2026-04-24", NA, "Về việc thành lập thành phố Đồng Nai trực thuộc trung ương",
     "Có hiệu lực từ 30/4/2026"),
    ("NQ36-2026", "36/2026/QH16", "2026-08-24", NA, "Về việc thành lập thành phố Quảng Ninh trực thuộc trung ương",
     "Chưa rõ ngày có hiệu lực; ghi theo ngày ban hành"),
    ("NQ39-2026", "39/2026/QH16", "2026-08-24", NA, "Về việc thành lập thành phố Bắc Ninh trực thuộc trung ương",
     "Chưa rõ ngày có hiệu lực; ghi theo ngày ban hành"),
    ("NQ237-2026", "237/NQ-UBTVQH16", "2026-04-14", COMMITTEE, "Về việc thành lập các phường thuộc Đồng Nai",
     "Chưa rõ ngày có hiệu lực; ghi theo ngày Đồng Nai thành thành phố, 30/4/2026"),
    ("NQ388-2026", "388/NQ-UBTVQH16", "2026-08-04", COMMITTEE, "Về việc thành lập các phường thuộc Bắc Ninh",
     "Chưa rõ ngày có hiệu lực; ghi theo ngày ban hành"),
]  # fmt: skip
DIVIDED_2004 = {  # code of the old province → what it became, the one that kept the name first
    "12": ["12", "11"],
    "66": ["66", "67"],
    "92": ["92", "93"],
}
CITIES_2026 = {"75": ("2026-04-30", "NQ30-2026"), "22": ("2026-08-24", "NQ36-2026"), "24": ("2026-08-24", "NQ39-2026")}
WARDS_2026 = {"237/NQ-UBTVQH16": ("2026-04-30", "NQ237-2026"), "388/NQ-UBTVQH16": ("2026-08-04", "NQ388-2026")}
ISLANDS = {  # special zone → the district without communes that it stands in the place of
    "11948": ("Huyện Bạch Long Vĩ", "31"),
    "19742": ("Huyện Cồn Cỏ", "45"),
    "20333": ("Huyện Hoàng Sa", "48"),
    "21548": ("Huyện Lý Sơn", "51"),
    "26732": ("Huyện Côn Đảo", "77"),
}


def main(folder: Path) -> None:
    tables = Tables(folder)
    OUT.mkdir(parents=True, exist_ok=True)
    write("decisions.csv", ["key", "number", "date", "issuer", "title", "note"], tables.decisions())
    write("provinces.csv", ["code", "start", "end", "name", "kind", "founded_by", "ended_by"], tables.provinces())
    write("districts.csv", ["code", "name", "kind", "province"], tables.districts())
    write("communes_before.csv", ["code", "name", "kind", "district"], tables.communes_before())
    write(
        "communes_2025.csv",
        ["code", "name", "kind", "province", "decision", "kept", "lat", "lon", "area_km2"],
        tables.communes_after(),
    )
    write("changes.csv", ["level", "code", "on", "name", "kind", "decision"], tables.changes())
    write(
        "lineage.csv",
        ["level", "predecessor", "successor", "on", "numerator", "denominator", "basis", "main"],
        tables.lineage(),
    )
    write("exceptions.csv", ["code", "name", "district", "province", "problem", "treatment"], sorted(tables.exceptions))


def write(name: str, head: list[str], rows: list) -> None:
    with (OUT / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(head)
        table.writerows(rows)
    print(f"{name}: {len(rows)}")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: nfc(value).strip() for key, value in row.items()} for row in csv.DictReader(file)]


def kind_of(name: str) -> str:
    words = ("Thị xã", "Thị trấn", "Thành phố", "Đặc khu", *KINDS)
    found = next((word for word in words if name.startswith(word)), None)
    if found is None:
        raise SystemExit(f"no kind word: {name!r}")
    return KINDS[found]


class Tables:
    def __init__(self, folder: Path) -> None:
        self.now = {row["commune_code"]: row for row in read(folder / "communes_2025.csv")}
        self.provinces_now = read(folder / "provinces_2025.csv")
        self.exceptions: list[tuple[str, ...]] = []
        self.pairs: dict[str, list[dict[str, str]]] = defaultdict(list)
        self.into: dict[str, list[dict[str, str]]] = defaultdict(list)
        self.old_provinces = self._old_provinces()  # name → code
        self.becomes = self._becomes()  # old province code → code of today
        for row in read(folder / "commune_mapping_2025.csv"):
            self._mend(row)
            self.pairs[row["old_code"]].append(row)
            self.into[row["new_code"]].append(row)
        self._drop_namesakes()
        self.kept = {
            code: rows[0]["new_code"]
            for code, rows in self.pairs.items()
            if len(rows) == 1 and len(self.into[rows[0]["new_code"]]) == 1
        }
        self.district_codes = self._district_codes()
        self._note_gaps()

    # Provinces

    def _old_provinces(self) -> dict[str, str]:
        found = {}
        for row in self.provinces_now:
            codes, names = row["old_province_codes"].split("|"), row["old_province_names"].split("|")
            found.update({name.replace("Hoà", "Hòa"): code for code, name in zip(codes, names)})
        return found

    def _becomes(self) -> dict[str, str]:
        found = {}
        for row in self.provinces_now:
            for code in row["old_province_codes"].split("|"):
                if row["province_code"] == "80" and code == "82":
                    self.exceptions.append(
                        ("82", "Tỉnh Tiền Giang", "", "Tỉnh Tây Ninh",
                         "bảng tỉnh ghi Tiền Giang là một phần của Tây Ninh, do một dòng xã ghi nhầm",
                         "bỏ: Tiền Giang chỉ nhập vào Đồng Tháp (NQ 202/2025/QH15)")
                    )  # fmt: skip
                    continue
                found[code] = row["province_code"]
        return found

    def provinces(self) -> list[tuple[str, ...]]:
        rows = []
        merged = {new for new in self.becomes.values() if list(self.becomes.values()).count(new) > 1}
        for name, code in sorted(self.old_provinces.items(), key=lambda item: item[1]):
            rows += self._old_province(code, name, ends=self.becomes[code] in merged)
        rows.append(("28", KNOWN_PROVINCES, "2008-08-01", "Tỉnh Hà Tây", "province", "", "NQ15-2008"))
        for row in self.provinces_now:
            if row["province_code"] in merged:
                name = row["name"]
                if row["province_code"] in CITIES_2026:
                    name = name.replace("Thành phố ", "Tỉnh ")
                rows.append((row["province_code"], REFORM, "", name, self._province_kind(name), "NQ202-2025", ""))
        return sorted(rows)

    def _old_province(self, code: str, name: str, ends: bool) -> list[tuple[str, ...]]:
        end, by = (REFORM, "NQ202-2025") if ends else ("", "")
        start, founded = KNOWN_PROVINCES, ""
        rows = []
        if code in {new for parts in DIVIDED_2004.values() for new in parts}:
            start, founded = "2004-01-01", "NQ22-2003"
            if code in DIVIDED_2004:
                before = name.replace("Thành phố ", "Tỉnh ")
                rows.append((code, KNOWN_PROVINCES, start, before, "province", "", founded))
        if code == "01":
            start, founded = "2008-08-01", "NQ15-2008"
            rows.append((code, KNOWN_PROVINCES, start, name, "city", "", founded))
        if code == "46":
            name = "Tỉnh Thừa Thiên Huế"
        rows.append((code, start, end, name, self._province_kind(name), founded, by))
        return rows

    def _province_kind(self, name: str) -> str:
        return "city" if name.startswith("Thành phố") else "province"

    # Districts and communes

    def _mend(self, row: dict[str, str]) -> None:
        """One spelling of kind words; a row that crosses provinces would be a new slip and stops the script."""
        for field in ("old_name", "old_district"):
            for written, word in (("Thị Trấn ", "Thị trấn "), ("Thị Xã ", "Thị xã "), ("Thành Phố ", "Thành phố ")):
                row[field] = row[field].replace(written, word)
        home = self.now[row["new_code"]]["province_code"]
        if self.becomes[self.old_provinces[row["old_province"]]] == home:
            return
        where = [row["old_code"], row["old_name"], row["old_district"], row["old_province"]]
        raise SystemExit(f"a commune whose old and new provinces do not fit: {where} → {row['new_code']}")

    def _drop_namesakes(self) -> None:
        """The mapping divides some communes between their own successor and that of a namesake far away in the same new
        province ("Phường 4" of Tân An and of Tây Ninh). Such a pair is dropped, and listed, when all of this holds:
        a namesake belongs to the target, no undivided commune of the same district does, and it lies over 15 km off.
        """
        namesakes: dict[tuple[str, str], set[str]] = defaultdict(set)
        for code, rows in self.pairs.items():
            namesakes[rows[0]["old_name"].lower(), rows[0]["new_province"]].add(code)
        wrong = [
            (code, row["new_code"])
            for code, rows in self.pairs.items()
            for row in rows
            if len(rows) > 1 and self._of_a_namesake(code, row["new_code"], namesakes)
        ]
        for code, target in wrong:
            row = self.pairs[code][0]
            self.exceptions.append(
                (code, row["old_name"], row["old_district"], row["old_province"],
                 f"bảng ghi một phần thành {self.now[target]['name']} ({target}), "
                 "nhưng đó là của xã, phường trùng tên ở nơi khác",
                 "bỏ cặp này")
            )  # fmt: skip
        for code, target in wrong:
            self.pairs[code] = [row for row in self.pairs[code] if row["new_code"] != target]
            self.into[target] = [row for row in self.into[target] if row["old_code"] != code]
            if not any(row["is_default_target"] == "1" for row in self.pairs[code]):
                self.pairs[code][0]["is_default_target"] = "1"

    def _of_a_namesake(self, code: str, target: str, namesakes: dict[tuple[str, str], set[str]]) -> bool:
        rows = self.pairs[code]
        others = namesakes[rows[0]["old_name"].lower(), rows[0]["new_province"]] - {code}
        elsewhere = [row["new_code"] for row in rows if row["new_code"] != target]
        sure = [one for one in elsewhere if self._at_home(code, one)]
        near = min(self._distance(target, one) for one in sure or elsewhere)
        return near > 15 and not self._at_home(code, target) and any(self._claims(other, target) for other in others)

    def _at_home(self, code: str, target: str) -> bool:
        """Whether an undivided commune of the same district went to the target."""
        here = self.pairs[code][0]
        return any(
            (row["old_province"], row["old_district"]) == (here["old_province"], here["old_district"])
            for row in self.into[target]
            if len(self.pairs[row["old_code"]]) == 1
        )

    def _claims(self, other: str, target: str) -> bool:
        row = next((row for row in self.pairs[other] if row["new_code"] == target), None)
        return row is not None and (row["is_default_target"] == "1" or self._at_home(other, target))

    def _distance(self, one: str, other: str) -> float:
        """Kilometres between two communes' centres, near enough."""
        here, there = self.now[one], self.now[other]
        north = (float(here["lat"]) - float(there["lat"])) * 111
        east = (float(here["lon"]) - float(there["lon"])) * 111 * math.cos(math.radians(float(here["lat"])))
        return math.hypot(north, east)

    def _district_codes(self) -> dict[tuple[str, str], str]:
        """Official district codes are not in the tables: number them within the province by their lowest commune."""
        lowest: dict[tuple[str, str], str] = {}
        for code in sorted(self.pairs):
            row = self.pairs[code][0]
            lowest.setdefault((self.old_provinces[row["old_province"]], row["old_district"]), code)
        for zone, (name, province) in ISLANDS.items():
            lowest[province, name] = zone
        numbers: dict[str, int] = defaultdict(int)
        codes = {}
        for province, name in sorted(lowest, key=lambda key: (key[0], lowest[key])):
            numbers[province] += 1
            codes[province, name] = f"H{province}.{numbers[province]:02d}"
        return codes

    def district_of(self, code: str) -> str:
        row = self.pairs[code][0]
        return self.district_codes[self.old_provinces[row["old_province"]], row["old_district"]]

    def districts(self) -> list[tuple[str, ...]]:
        ordered = sorted((code, province, name) for (province, name), code in self.district_codes.items())
        return [(code, name, kind_of(name), province) for code, province, name in ordered]

    def communes_before(self) -> list[tuple[str, ...]]:
        return [
            (code, rows[0]["old_name"], kind_of(rows[0]["old_name"]), self.district_of(code))
            for code, rows in sorted(self.pairs.items())
        ]

    def name_2025(self, code: str) -> str:
        """The name of 1 July 2025; where only spelling differs the Statistics Office's spelling holds."""
        today = self.now[code]["name"]
        rows = self.into[code]
        return rows[0]["new_name"] if rows and rows[0]["new_name"].split()[0] != today.split()[0] else today

    def communes_after(self) -> list[tuple[str, ...]]:
        founding = {}  # province → the resolution of 16 June 2025 on its communes
        for row in self.now.values():
            if row["resolution_no"] not in WARDS_2026:
                founding.setdefault(row["province_code"], row["resolution_no"])
        kept = {new: old for old, new in self.kept.items()}
        return [
            (code, self.name_2025(code), kind_of(self.name_2025(code)), row["province_code"],
             founding[row["province_code"]], kept.get(code, ""), row["lat"], row["lon"], row["area_km2"])
            for code, row in sorted(self.now.items())
        ]  # fmt: skip

    def decisions(self) -> list[tuple[str, ...]]:
        numbers = sorted({row["resolution_no"] for row in self.now.values() if row["resolution_no"] not in WARDS_2026})
        names = {}
        for row in self.now.values():
            if row["resolution_no"] not in WARDS_2026:
                province = next(
                    one["name"] for one in self.provinces_now if one["province_code"] == row["province_code"]
                )
                if row["province_code"] in CITIES_2026:
                    province = province.replace("Thành phố ", "Tỉnh ")
                names[row["resolution_no"]] = province[0].lower() + province[1:]
        return DECISIONS + [
            (number, number, "2025-06-16", COMMITTEE,
             f"Về việc sắp xếp các đơn vị hành chính cấp xã của {names[number]} năm 2025",
             "Chính quyền địa phương mới hoạt động từ 01/7/2025")
            for number in numbers
        ]  # fmt: skip

    def changes(self) -> list[tuple[str, ...]]:
        rows = [("province", "46", "2025-01-01", "Thành phố Huế", "city", "NQ175-2024")]
        for row in self.provinces_now:
            if row["province_code"] in CITIES_2026:
                day, decision = CITIES_2026[row["province_code"]]
                rows.append(("province", row["province_code"], day, row["name"], "city", decision))
        for code, row in sorted(self.now.items()):
            if row["resolution_no"] in WARDS_2026:
                day, decision = WARDS_2026[row["resolution_no"]]
                rows.append(("commune", code, day, row["name"], "ward", decision))
                self.exceptions.append(
                    (code, row["name"], "", row["province_name"], "thành phường năm 2026, chưa rõ ngày có hiệu lực",
                     f"ghi theo ngày {day[8:]}/{day[5:7]}/{day[:4]} "
                     f"(xem ghi chú của nghị quyết {row['resolution_no']})")
                )  # fmt: skip
        return rows

    # Lineage

    def shares(self, code: str) -> dict[str, Fraction]:
        """Where an old commune went; divided ones equally (the tables give no other basis)."""
        rows = self.pairs[code]
        return {row["new_code"]: Fraction(1, len(rows)) for row in rows}

    def lineage(self) -> list[tuple[str, ...]]:
        rows: list[tuple] = []
        for old, parts in DIVIDED_2004.items():
            for number, new in enumerate(parts):
                rows.append(("province", old, new, "2004-01-01", 1, len(parts), "equal", int(number == 0)))
        rows += [("province", old, "01", "2008-08-01", 1, 1, "whole", 1) for old in ("01", "28")]
        merged = list(self.becomes.values())
        rows += [
            ("province", old, new, REFORM, 1, 1, "whole", 1)
            for old, new in sorted(self.becomes.items())
            if merged.count(new) > 1
        ]
        rows += self._district_lineage()
        for code in sorted(self.pairs):
            if code in self.kept:
                continue
            main = next(row["new_code"] for row in self.pairs[code] if row["is_default_target"] == "1")
            for new, share in sorted(self.shares(code).items()):
                basis = "whole" if share == 1 else "equal"
                rows.append(("commune", code, new, REFORM, share.numerator, share.denominator, basis, int(new == main)))
        return rows

    def _district_lineage(self) -> list[tuple]:
        """A district's area lies in what took its communes: equally by old commune, then by their shares."""
        areas: dict[str, list[str]] = defaultdict(list)
        for code in self.pairs:
            areas[self.district_of(code)].append(code)
        rows: list[tuple] = []
        for zone, (name, province) in ISLANDS.items():
            rows.append(("district", self.district_codes[province, name], zone, REFORM, 1, 1, "whole", 1))
        for district, codes in areas.items():
            total: dict[str, Fraction] = defaultdict(Fraction)
            for code in codes:
                for new, share in self.shares(code).items():
                    total[new] += share / len(codes)
            largest = max(sorted(total), key=lambda new: total[new])
            for new, share in sorted(total.items()):
                basis = "whole" if share == 1 else "equal"
                rows.append(
                    ("district", district, new, REFORM, share.numerator, share.denominator, basis, int(new == largest))
                )
        return sorted(rows)

    # What does not fit

    def _note_gaps(self) -> None:
        for zone, (name, province) in ISLANDS.items():
            home = next(one for one, code in self.old_provinces.items() if code == province)
            self.exceptions.append(
                (self.district_codes[province, name], name, name, home,
                 "huyện đảo không có xã, không có trong bảng xã cũ",
                 f"nạp như một huyện; toàn bộ thành {self.now[zone]['name']} ({zone})")
            )  # fmt: skip
        for code, rows in sorted(self.into.items()):
            mapped, today = rows[0]["new_name"], self.now[code]["name"]
            if mapped != today and mapped.split()[0] == today.split()[0]:
                what = "chỉ khác cách viết" if same_words(mapped.replace("'", "’"), today) else "khác tên"
                self.exceptions.append(
                    (code, today, "", self.now[code]["province_name"],
                     f"hai bảng viết khác nhau: {mapped} / {today} ({what})",
                     "dùng cách viết của Cục Thống kê")
                )  # fmt: skip
        self.exceptions.append(
            ("", "28 xã cũ không có xã mới", "", "",
             "nguồn nêu 28 xã đã nhập trước 01/7/2025; không có dòng nào trong bảng 10.035 xã",
             "không nạp; tổng 10.035 xã không gồm các xã này")
        )  # fmt: skip
        self.exceptions.append(
            ("", "Huyện Mê Linh và 4 xã của huyện Lương Sơn", "", "Tỉnh Vĩnh Phúc, Tỉnh Hòa Bình",
             "nhập vào Hà Nội ngày 01/8/2008 (NQ 15/2008/QH12); số liệu trước đó chỉ có theo tỉnh",
             "Vĩnh Phúc và Hòa Bình giữ nguyên là một đơn vị; không chuyển số liệu trước 2008")
        )  # fmt: skip
        self.exceptions.append(
            ("", "Mã quận, huyện, thị xã", "", "", "các bảng không có mã chính thức của cấp huyện",
             "dùng mã riêng (hệ mã giaoban): H + mã tỉnh cũ + số thứ tự")
        )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
