"""Prioritering: proposals scored by effect, ease, quality and cost, ranked live."""

from hmsbook.standard.kinds import Choice, Id, Integer, Number, Reference, Score, Text, YesNo
from hmsbook.standard.schema import Column, Formula, Names, Sheet, Table

CRITERIA = ("effect", "ease", "quality", "cost")

WEIGHTS = Table(
    "weights",
    tuple(
        Column(criterion, Number(minimum=0, maximum=10, align="center"), width=10.5) for criterion in CRITERIA
    ),
    rows=1,
    shared=True,
)


def _voters(n: Names) -> str:
    return f"=COUNTIF({n.column('votes', 'proposal')},{n.this('proposals', 'id')})"


def _group_mean(criterion: str) -> Formula:
    """The votes' mean where there are votes, else the score typed in the row."""

    def formula(n: Names) -> str:
        typed = n.this("proposals", criterion)
        given, proposal = n.column("votes", criterion), n.column("votes", "proposal")
        votes = f"AVERAGEIFS({given},{proposal},{n.this('proposals', 'id')})"
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


def _spread(n: Names) -> str:
    """The widest standard deviation among the four criteria: where the group disagrees most."""
    proposal, this = n.column("votes", "proposal"), n.this("proposals", "id")
    voters = n.this("proposals", "voters")
    parts = []
    for criterion in CRITERIA:
        votes, mean = n.column("votes", criterion), n.this("proposals", f"group_{criterion}")
        squares = f"SUMPRODUCT(({proposal}={this})*{votes},{votes})"
        parts.append(f"{squares}/{voters}-{mean}^2")
    return f'=IF({voters}<2,"",IFERROR(ROUND(SQRT(MAX(0,{",".join(parts)})),2),""))'


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
        Column("score", Number(format="0.00"), formula=_score, width=9),
        Column("rank", Integer(), formula=_rank, width=7),
        Column("quadrant", Choice(choices="quadrants"), formula=_quadrant, width=14),
        Column("chosen", YesNo()),
        Column("answer", Text(), aside=True, width=34),
        Column("kind", Choice(choices="kinds"), aside=True, width=12),
        Column("iglo", Choice(choices="iglo"), aside=True, width=14),
        Column("low_hanging", YesNo(), aside=True, width=13),
        Column("resources", Text(), aside=True, width=24),
        Column("voters", Integer(), formula=_voters, aside=True, width=9),
        *(
            Column(f"group_{criterion}", Number(format="0.0"), formula=_group_mean(criterion), aside=True)
            for criterion in CRITERIA
        ),
        Column("spread", Number(format="0.00"), formula=_spread, aside=True, width=10),
    ),
    rows=40,
    shared=True,
)

SHEET = Sheet("priorities", (WEIGHTS, PROPOSALS))
