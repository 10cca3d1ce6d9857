"""Whether the name that a guest typed is the name that was invited. Knows nothing of who either person is."""

import unicodedata

# Letters that Unicode does not decompose, and the ASCII that people type for them.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
# An umlaut may be typed as a letter followed by e; dropping that e on both sides makes the two spellings one.
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_APOSTROPHES = "'’‘ʼ`´"


def name_differs(typed: str, invited: str | None) -> bool:
    """True when the two cannot well be one person's name; host and guest then look twice.

    Case, accents, order and punctuation do not count. A shorter form is the same name when each of its words (or initials)
    is found in the longer one: `Mia`, `Keller, M.` and `mía keller` all go with `Mia Keller`. Without an invited name
    there is nothing to differ from.
    """
    if invited is None:
        return False
    shorter, longer = sorted((_words(typed), _words(invited)), key=len)
    if not shorter:
        return bool(longer)
    return not _contained(shorter, longer)


def _contained(shorter: list[str], longer: list[str]) -> bool:
    """Every word of `shorter` has a word of `longer` to itself; whole words choose before initials do."""
    left = list(longer)
    for word in sorted(shorter, key=len, reverse=True):
        match = next((other for other in left if other == word), None) or next(
            (other for other in left if _is_initial(word, other)), None
        )
        if match is None:
            return False
        left.remove(match)
    return any(len(word) > 1 for word in shorter)


def _is_initial(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) == 1 and long.startswith(short)


def _words(name: str) -> list[str]:
    plain = name.casefold().translate(_PLAIN)
    letters = [character for character in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(character)]
    text = "".join(
        character if character.isalnum() else "" if character in _APOSTROPHES else " " for character in letters
    )
    for typed, meant in _UMLAUTS:
        text = text.replace(typed, meant)
    return text.split()
