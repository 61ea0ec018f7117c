"""Prioritering: proposals scored by effect, ease, quality and cost, ranked live."""

from hmsbook.standard.kinds import Choice, Id, Integer, Number, Reference, Score, Text, YesNo
from hmsbook.standard.schema import Column, Formula, Names, Region, Sheet, Table

CRITERIA = ("effect", "ease", "quality", "cost")
LOWEST, HIGHEST = 1, 5
# Scores three points or more from each other, and the variance of two camps two points from each other, a
# hair below 1 since means are rounded.
APART = ((1, (4, 5)), (2, (5,)))
WIDE = 0.9999
# So many rows of the group are asked whether they have voted.
BALLOT_ROWS = 40

WEIGHTS = Table(
    "weights",
    tuple(
        Column(criterion, Number(minimum=0, maximum=10, align="center"), width=10.5) for criterion in CRITERIA
    ),
    rows=1,
    shared=True,
)


def _voters(n: Names) -> str:
    """How many have given the proposal at least one score; nothing where nobody has been asked."""
    this, proposal = n.this("proposals", "id"), n.column("votes", "proposal")
    scores = "+".join(f"ISNUMBER({n.column('votes', criterion)})" for criterion in CRITERIA)
    return f'=IF(COUNTIF({proposal},{this})=0,"",SUMPRODUCT(({proposal}={this})*(({scores})>0)))'


def _votes(n: Names, criterion: str) -> str:
    """The votes on this proposal, and the scores by this criterion."""
    return f"{n.column('votes', 'proposal')},{n.this('proposals', 'id')},{n.column('votes', criterion)}"


def _usable(n: Names, criterion: str) -> str:
    """The same, of which only scores on the scale count."""
    return f'{_votes(n, criterion)},">={LOWEST}",{n.column("votes", criterion)},"<={HIGHEST}"'


def _group_mean(criterion: str) -> Formula:
    """The votes' mean where there are votes, else the score typed in the row."""

    def formula(n: Names) -> str:
        typed, given = n.this("proposals", criterion), n.column("votes", criterion)
        votes = f"AVERAGEIFS({given},{_usable(n, criterion)})"
        return f'=IFERROR(ROUND({votes},6),IF(ISNUMBER({typed}),{typed},""))'

    return formula


def _means(n: Names) -> list[str]:
    return [n.this("proposals", f"group_{criterion}") for criterion in CRITERIA]


def _score(n: Names) -> str:
    weights = [f"SUM({n.column('weights', criterion)})" for criterion in CRITERIA]
    total = "+".join(f"{mean}*{weight}" for mean, weight in zip(_means(n), weights, strict=True))
    return f'=IF(COUNT({",".join(_means(n))})<4,"",IFERROR(ROUND(({total})/({"+".join(weights)}),4),""))'


def _rank(n: Names) -> str:
    score = n.this("proposals", "score")
    return f'=IF(ISNUMBER({score}),RANK({score},{n.column("proposals", "score")},0),"")'


def _quadrant(n: Names) -> str:
    effect, ease, *_ = _means(n)
    names = {key: n.choice("quadrants", key) for key in ("do_now", "plan", "quick_win", "wait")}
    return (
        f'=IF(COUNT({effect},{ease})<2,"",IF({effect}>3,IF({ease}>3,{names["do_now"]},{names["plan"]}),'
        f"IF({ease}>3,{names['quick_win']},{names['wait']})))"
    )


def _variance(n: Names, criterion: str) -> str:
    """The variance of the votes by one criterion; none where fewer than two can differ."""
    given, mean = n.column("votes", criterion), n.this("proposals", f"group_{criterion}")
    mine = f"({n.column('votes', 'proposal')}={n.this('proposals', 'id')})"
    squares = f"SUMPRODUCT({mine}*({given}>={LOWEST})*({given}<={HIGHEST}),{given},{given})"
    count = f"COUNTIFS({_usable(n, criterion)})"
    return f"IF({count}<2,0,{squares}/{count}-{mean}^2)"


def _spread(n: Names) -> str:
    """The widest standard deviation among the four criteria: where the group disagrees most."""
    most = ",".join(f"COUNTIFS({_usable(n, criterion)})" for criterion in CRITERIA)
    variances = ",".join(_variance(n, criterion) for criterion in CRITERIA)
    return f'=IF(MAX({most})<2,"",IFERROR(ROUND(SQRT(MAX(0,{variances})),2),""))'


def _far(n: Names, criterion: str) -> str:
    """How many pairs of members are three points or more from each other."""
    pairs = (
        f"COUNTIFS({_votes(n, criterion)},{low})*("
        + "+".join(f"COUNTIFS({_votes(n, criterion)},{high})" for high in highs)
        + ")"
        for low, highs in APART
    )
    return "+".join(pairs)


def _talk(n: Names) -> str:
    """The criteria that members are far apart on, with comma between."""
    names = [n.choice("criteria", criterion) for criterion in CRITERIA]
    parts = (
        f'IF(({_far(n, criterion)})+({_variance(n, criterion)}>={WIDE})>0,", "&{name},"")'
        for criterion, name in zip(CRITERIA, names, strict=True)
    )
    every = '&", "&'.join(names)
    return f'=IFERROR(SUBSTITUTE(MID({"&".join(parts)},3,99),{every},{n.text("ui.priorities.every")}),"")'


_MEAN = Number(format="0.0", align="center")

PROPOSALS = Table(
    "proposals",
    (
        Column("id", Id(prefix="P")),
        Column("proposal", Text(), width=42),
        Column("challenge", Reference(table="challenges"), width=11),
        Column("effect", Score()),
        Column("ease", Score()),
        Column("quality", Score()),
        Column("cost", Score()),
        Column("voters", Integer(align="center"), formula=_voters, width=8.5),
        *(
            Column(f"group_{criterion}", _MEAN, formula=_group_mean(criterion), width=9)
            for criterion in CRITERIA
        ),
        Column("spread", Number(format="0.00", align="center"), formula=_spread, width=10.5),
        Column("score", Number(format="0.00"), formula=_score, width=9),
        Column("rank", Integer(), formula=_rank, width=7),
        Column("quadrant", Choice(choices="quadrants"), formula=_quadrant, width=14),
        Column("talk", Text(), formula=_talk, width=25),
        Column("chosen", YesNo()),
        Column("answer", Text(), aside=True, width=34),
        Column("kind", Choice(choices="kinds"), aside=True, width=12),
        Column("iglo", Choice(choices="iglo"), aside=True, width=14),
        Column("low_hanging", YesNo(), aside=True, width=13),
        Column("resources", Text(), aside=True, width=24),
    ),
    rows=40,
    shared=True,
)

# The columns that say something when there are votes, and are hidden until then.
VOTED = ("voters", *(f"group_{criterion}" for criterion in CRITERIA), "spread", "talk")


def _answered(n: Names, _row: int) -> str:
    """How many of the group have voted, and who has not; nothing before anybody has."""
    names, answered = n.block("ballots", "name"), n.block("ballots", "answered")
    waiting = n.cell("ballots", BALLOT_ROWS - 1, "waiting")
    counts = f"SUM({answered})&{n.text('ui.priorities.of')}&SUMPRODUCT(--(LEN({names})>0))"
    said = f'{n.text("ui.priorities.answered")}&{counts}&{n.text("ui.priorities.waiting")}&{waiting}&"."'
    none = f"SUM({n.column('proposals', 'voters')})*SUMPRODUCT(--(LEN({names})>0))=0"
    return f'=IF({none},"",IF({waiting}="",{n.text("ui.priorities.all")},{said}))'


def _to_talk(n: Names, _row: int) -> str:
    """The proposals to talk about before they are chosen or not."""
    # The rows of this list follow those of the table, so its last row is asked for by its block.
    listed = f"INDEX({n.block('talks', 'list')},ROWS({n.block('talks', 'list')}))"
    said = f"{n.text('ui.priorities.apart')}&{listed}&{n.text('ui.priorities.talk')}"
    return f'=IF({listed}="","",{said})'


def _said(n: Names, row: int) -> str:
    return _to_talk(n, row) if row else _answered(n, row)


def _mark(n: Names, _row: int) -> str:
    """What the question mark in the diagram means, where there is one."""
    marked = f"SUMPRODUCT(--(LEN({n.column('proposals', 'talk')})>0))"
    return f'=IF({marked}=0,"",{n.text("ui.priorities.mark")})'


# Above the table: who has voted, and what to talk about. Above the diagram: what its question marks mean.
SAID = Region("priorities_said", 2, ("text",), {"text": _said})
MARK = Region("priorities_mark", 1, ("text",), {"text": _mark})

SHEET = Sheet("priorities", (WEIGHTS, PROPOSALS), (SAID, MARK))
