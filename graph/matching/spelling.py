"""British and American spellings of an English word, and the Persian nouns of work, in one form each."""

import re
from typing import Final

_BRITISH: Final = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"(?<=[a-z]{3})is(?=(?:ation|e|ed|er|ing|able)$)", "iz"),  # galvanised, hydrodesulphurisation
        (r"(?<=[a-z]{2})lys(?=(?:e|ed|er|ing)$)", "lyz"),
        (r"sulph", "sulf"),
        (r"(?<=[a-z]{2})our(?=(?:ed|ing|less)?$)", "or"),  # colour, vapour, harbour
        (r"(?<=[a-z])([tb])re$", r"\1er"),  # metre, fibre, centre
        (r"^fibre", "fiber"),
        (
            r"^(label|model|travel|level|cancel|signal|panel|channel|fuel|tunnel|spiral|enamel|shovel|swivel|bevel)l(?=ed|er|ing)",
            r"\1",
        ),
        (r"^mould", "mold"),
        (r"plough", "plow"),
        (r"^tyre", "tire"),
        (r"^grey", "gray"),
        (r"^gauge", "gage"),
        (r"^kerb", "curb"),
        (r"aluminium", "aluminum"),
        (r"(?<=[a-z]{3})ogue$", "og"),
        (r"(?<=[a-z]{2})enc(?=e$)", "ens"),  # licence, defence
        (r"aesth", "esth"),
        (r"^(an|h|p|orthop)a?e(?=[a-z]{3})", r"\1e"),  # anaemia, haemodialysis, paediatric, orthopaedic
        (r"oed", "ed"),
        (r"gramme$", "gram"),
        (r"draught", "draft"),
    )
)

#: Second halves of Persian compounds that name who or what does a work; with «ی» they name the work: «سمپاش», «سمپاشی».
WORK_ENDINGS: Final = ("پاشی", "شویی", "کوبی", "روبی", "برداری", "گذاری")


def american(word: str) -> str:
    """Return an English word, lower case, as Americans spell it; other words come back as they are.

    Rules look at letters alone, so both spellings of a word come out the same, whether or not the result is a word.
    >>> american("galvanised"), american("fibre"), american("sulphur"), american("moulding")
    ('galvanized', 'fiber', 'sulfur', 'molding')
    """
    for pattern, new in _BRITISH:
        word = pattern.sub(new, word)
    return word


def names_work(word: str) -> bool:
    """Tell whether a Persian word is the noun of a work, whose «ی» is no ending that may fall off."""
    return word.endswith(WORK_ENDINGS)
