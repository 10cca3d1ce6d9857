"""How many parts of a text message a text is (3GPP TS 23.038 §6.2.1): each is sent, and paid for, by itself. Pure."""

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE_AS_LONG = frozenset("^{}\\[~]|€\f")
_ONE, _OF_SEVERAL = {True: 160, False: 70}, {True: 153, False: 67}
_WRITTEN_PLAINLY = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u202f": " "}
)


def plainly(text: str) -> str:
    """With the marks for which one letter would make the whole text twice as long in their plain form."""
    return text.translate(_WRITTEN_PLAINLY)


def segments(text: str) -> int:
    """So many parts: of 160 letters of GSM-7, else 70 of UTF-16; of several each carries a little less."""
    short = all(each in _GSM_7 or each in _TWICE_AS_LONG for each in text)
    length = (
        len(text) + sum(each in _TWICE_AS_LONG for each in text)
        if short
        else len(text.encode("utf-16-le", "surrogatepass")) // 2
    )
    return 1 if length <= _ONE[short] else -(-length // _OF_SEVERAL[short])
