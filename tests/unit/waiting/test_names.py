import pytest

from services.waiting.names import name_differs


@pytest.mark.parametrize(
    ("typed", "invited"),
    [
        ("Mia Keller", "Mia Keller"),
        ("mia KELLER", "Mia Keller"),
        ("Keller, Mia", "Mia Keller"),
        ("Mía Kéller", "Mia Keller"),
        ("Mia", "Mia Keller"),
        ("M. Keller", "Mia Keller"),
        ("Mia Anna Keller", "Mia Keller"),
        ("Jürgen Groß", "Juergen Gross"),
        ("O’Brien", "obrien"),
        ("Łukasz Sørensen", "Lukasz Sorensen"),
        ("مُحَمَّد", "محمد"),
        ("Anna-Lena Vogt", "Lena Anna Vogt"),
    ],
)
def test_spellings_of_one_name_are_the_same(typed: str, invited: str) -> None:
    assert not name_differs(typed, invited)


@pytest.mark.parametrize(
    ("typed", "invited"),
    [
        ("Tom Keller", "Mia Keller"),
        ("Mia", "Tom Keller"),
        ("Mia Mia", "Mia Keller"),
        ("M. K.", "Mia Keller"),
        ("...", "Mia Keller"),
        ("Mia Berger", "Mia Keller"),
    ],
)
def test_another_name_is_marked(typed: str, invited: str) -> None:
    assert name_differs(typed, invited)


def test_without_an_invited_name_there_is_nothing_to_differ_from() -> None:
    assert not name_differs("Anybody", None)
