"""What people call CSV, read; and what is none, refused with its line."""

import pytest

from contracts.errors import Invalid
from services.accounts.importing.table import MOST_ROWS, read_table


def cells(text: str) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, row.cells) for row in read_table(text).rows]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_seen_in_the_head(separator: str) -> None:
    text = f"Role{separator}E-Mail\nprovider{separator}a@example.com\n"
    assert cells(text) == [(2, {"role": "provider", "email": "a@example.com"})]
    assert read_table(text).separator == separator


def test_heads_are_known_in_any_case_and_order_behind_a_mark_of_utf8() -> None:
    text = "\ufeffLANGUAGE, Full Name ,E-MAIL,Clinic,Rolle,Shoe size\r\nde,Ann,a@example.com,North,provider,38\r\n"
    table = read_table(text)
    assert table.rows[0].cells == {
        "language": "de", "name": "Ann", "email": "a@example.com", "clinics": "North", "role": "provider",
    }  # fmt: skip
    assert table.ignored == ("Shoe size",)


def test_quotes_hold_separators_quotes_and_lines_and_lines_are_counted_as_in_an_editor() -> None:
    text = 'email,name\n"a@example.com","Ann ""Annie""\nSmith, Jr."\n\nb@example.com,Bo\n'
    assert cells(text) == [
        (2, {"email": "a@example.com", "name": 'Ann "Annie" Smith, Jr.'}),
        (5, {"email": "b@example.com", "name": "Bo"}),
    ]


def test_excels_line_that_says_the_separator_is_heeded_and_counted() -> None:
    assert cells("sep=;\r\nemail;name\r\na@example.com;Smith, Ann\r\n") == [
        (3, {"email": "a@example.com", "name": "Smith, Ann"})
    ]


def test_what_would_disguise_a_name_is_dropped_and_more_cells_than_heads_are_seen() -> None:
    table = read_table("email,name\na@example.com,\u202eAnn\u200b\nb@example.com,Smith, Bo\nc@example.com,Cy,\n")
    assert [row.cells["name"] for row in table.rows] == ["Ann", "Smith", "Cy"]
    assert [row.stray for row in table.rows] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\n", "Line 1: The file is empty"),
        ("email,name\n", "Line 1: There is no row"),
        ("name,role\nAnn,provider\n", "Line 1: No column is called email"),
        ("email,mail\na@example.com,b@example.com\n", "Line 1: The column email is there twice"),
        ('email,name\na@example.com,"Ann\nb@example.com,Bo\n', "Line 2: The quotes do not fit together"),
        ("email\n" + "a@example.com\n" * (MOST_ROWS + 1), f"Line {MOST_ROWS + 2}: There are more than {MOST_ROWS}"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_table(text)
    assert refused.value.detail.startswith(says)
    assert refused.value.extra["line"] == int(says.split()[1].rstrip(":"))


def test_as_many_rows_as_are_allowed_are_read() -> None:
    text = "email\n" + "".join(f"{number}@example.com\n" for number in range(MOST_ROWS))
    assert len(read_table(text).rows) == MOST_ROWS
