"""The readers of CPV and HS files, and the check of the tree's cross references against them."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from graph.taxonomy import ProductClass, Taxonomy
from graph.taxonomy.foreign import Code, ForeignFileError, missing_codes, read_cpv, read_hs

CPV = {
    "34600000-3": "Locomotives and rolling stock",
    "34631000-9": "Parts of locomotives",
    "34631100-0": "Monobloc wheels",
}
HS = """section,hscode,description,parent,level
XVII,86,Railway locomotives,TOTAL,2
XVII,8607,"Parts, of locomotives",86,4
XVII,860719,"Parts, axles and wheels",8607,6
,TOTAL,Total of all HS commodities,,0
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "codes"
    path.write_text(text, encoding="utf-8")
    return path


def test_cpv_codes_lose_the_check_digit_and_find_their_nearest_parent(tmp_path: Path) -> None:
    assert list(read_cpv(_file(tmp_path, json.dumps(CPV)))) == [
        Code("CPV", "34600000", "Locomotives and rolling stock", None),
        Code("CPV", "34631000", "Parts of locomotives", "34600000"),
        Code("CPV", "34631100", "Monobloc wheels", "34631000"),
    ]


def test_hs_codes_keep_their_parent_and_the_row_of_the_total_is_none(tmp_path: Path) -> None:
    assert list(read_hs(_file(tmp_path, "\ufeff" + HS))) == [
        Code("HS", "86", "Railway locomotives", None),
        Code("HS", "8607", "Parts, of locomotives", "86"),
        Code("HS", "860719", "Parts, axles and wheels", "8607"),
    ]


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (read_cpv, "{", "is no JSON: "),
        (read_cpv, "[]", "must hold one JSON object"),
        (read_cpv, "{}", "must hold one JSON object"),
        (read_cpv, '{"3463": "Parts"}', "'3463' is no CPV code"),
        (read_cpv, '{"34631000-9": ""}', "'34631000-9' has no label"),
        (read_hs, "", "lacks the column hscode, description, parent"),
        (read_hs, "hscode,parent\n86,TOTAL\n", "lacks the column description"),
        (read_hs, "hscode,description,parent\n", "holds no row"),
        (read_hs, "hscode,description,parent\n8607x,Parts,86\n", "line 2: '8607x' is no HS code"),
        (read_hs, "hscode,description,parent\n86,,TOTAL\n", "line 2: 86 has no description"),
        (read_hs, "hscode,description,parent\n86\n", "line 2: 86 has no description"),
        (read_hs, 'hscode,description,parent\n86,"x" y,z\n', "is no CSV"),
    ],
)
def test_a_bad_file_is_told(tmp_path: Path, read: Callable[[Path], Iterable[Code]], text: str, told: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(ForeignFileError) as caught:
        list(read(path))
    assert str(path) in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("read", [read_cpv, read_hs])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, read: Callable[[Path], Iterable[Code]]) -> None:
    with pytest.raises(ForeignFileError, match="cannot be read"):
        list(read(tmp_path / "absent"))
    (tmp_path / "latin").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(ForeignFileError, match="is no UTF-8 text"):
        list(read(tmp_path / "latin"))


def test_many_faults_are_counted_not_poured_out(tmp_path: Path) -> None:
    with pytest.raises(ForeignFileError, match=r"\(and 2 more\)"):
        list(read_cpv(_file(tmp_path, json.dumps({f"bad {n}": "x" for n in range(7)}))))


def test_cross_references_unknown_to_the_file_are_found(tmp_path: Path) -> None:
    codes = {"CPV": ("34631100", "34631999"), "HS": ("9999",)}
    wheel = ProductClass(id="wheel", en="Wheel", fa="چرخ", domain="wheel", form="thing", codes=codes)
    cpv = read_cpv(_file(tmp_path, json.dumps(CPV)))
    assert list(missing_codes(Taxonomy([wheel]), cpv)) == [("wheel", "CPV", "34631999")]
