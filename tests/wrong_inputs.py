"""Two hundred commands that cannot be met, as people get them wrong, and what each is told.

Run as a program, in a process without the engine: `python -m tests.wrong_inputs PLACE` prints what
came of every one, as JSON.
"""

import contextlib
import io
import json
import sys
from pathlib import Path


SCENARIO = 'title = "t"\n[policies.p]\nkind = "tariff"\nimporters = ["USA"]\nexporters = ["KOR"]\n'
FILES = {
    "taken.csv": "mine\n",
    "taken/record.json": "{}",
    "good.toml": SCENARIO + "rate = 0.1\n",
    "percent.toml": SCENARIO + "rate = 25\n",
    "country.toml": SCENARIO.replace("KOR", "AUS") + "rate = 0.1\n",
    "north.toml": SCENARIO.replace("KOR", "North Korea") + "rate = 0.1\n",
    "congo.toml": SCENARIO.replace("KOR", "Congo") + "rate = 0.1\n",
    "sector.toml": SCENARIO + 'sectors = ["stele"]\nrate = 0.1\n',
    "key.toml": SCENARIO + "rates = 0.1\n",
    "kind.toml": SCENARIO.replace("tariff", "tarif") + "rate = 0.1\n",
    "nothing.toml": SCENARIO.replace('["KOR"]', "[]"),
    "text.toml": SCENARIO.replace('["KOR"]', "5") + "rate = 0.1\n",
    "broken.toml": "title = \n",
    "empty.toml": "",
    "latin.toml": "",
    "world.toml": 'baseline = "compct-2022"\n' + SCENARIO + "rate = 0.1\n",
    "choice.toml": 'horizon = "medium"\n' + SCENARIO + "rate = 0.1\n",
    "draws.toml": SCENARIO + "rate = 0.1\n[uncertainty]\ndraws = 1000000\n",
    "seed.toml": SCENARIO + "rate = 0.1\n[uncertainty]\nseed = -1\n",
    "world.nc": "no world\n",
    "months.csv": "month,index\n2020-01,1\n",
}
PAIRS = "leverage", "conflict", "bargain", "patience", "balance", "track", "timeline"
PLACES = ("KRO", "AUS", "Germany", "North Korea", "Congo", "Atlantis", "", "K", "KOR,CHN", "한국")
OF_A_WORLD = ("exposure", "dependence", "diversify", "tariffs")
PLAYED = ("run", "sensitivity", "decompose", "path", "show")


def commands() -> dict[str, list[str]]:
    """Every command, by the words of it."""
    listed = [
        *([question, place] for question in OF_A_WORLD for place in PLACES),
        *([question, "KOR", place] for question in PAIRS[:4] for place in PLACES),
        *([question, "KOR", "Atlantis"] for question in PAIRS[4:]),
        *([question, "KOR", "Korea"] for question in PAIRS),
        *([*words, name, *more] for name in SCENARIOS for words, more in _PLAYED),
        *([question, "KOR", "CHN", "--scenario", "phase-twoo"] for question in ("bargain", "patience", "conflict")),
        *(["leverage", "CHN", "KOR", *words] for words in LEVERAGE),
        *(words.split() for words in OTHERS),
    ]  # fmt: skip
    return {" ".join(repr(word) if " " in word or not word else word for word in words): words
            for words in listed}  # fmt: skip


SCENARIOS = (
    "phase-twoo", "boycott", "THAAD", "seoul", "", ".", "good", "nowhere.toml", "percent.toml",
    "country.toml", "north.toml", "congo.toml", "sector.toml", "key.toml", "kind.toml",
    "nothing.toml", "text.toml", "broken.toml", "empty.toml", "world.toml", "choice.toml",
    "draws.toml", "seed.toml", "taken.csv",
)  # fmt: skip
_PLAYED = ((["run"], []), (["sensitivity"], ["--of", "welfare.KOR"]), (["decompose"], []))
LEVERAGE = [words.split() for words in (
    "--with China", "--with PRC", "--against KOR", "--form buy", "--horizon medium", "--rents none",
    "--sector stele", "--sector oil", "--cut 50", "--cut 2", "--cut -0.1", "--cut half",
    "--cut 0.5 --markup 0.2", "--markup 20", "--cheapest --credible", "--rents importer",
    "--draws -1", "--draws 1", "--draws 10001", "--draws many", "--seed -1",
    "--seed 99999999999999999999", "--after nothing", "--baseline nowhere", "--baseline world.nc",
    "--set nosuch=1", "--set horizon", "--format xml", "--out taken.csv", "--out no/where.csv",
    "--out leverage.ods", "--chart picture.docx", "--chart taken.csv", "--brief page.pdf",
    "--discount 95", "--nosuch", "--cut",
)]  # fmt: skip
OTHERS = (
    "run good.toml --seed 99999999999999999999", "run good.toml --seed -1", "run good.toml --draws -5",
    "run good.toml --draws 1000000", "run good.toml --horizon medium", "run good.toml --out taken",
    "run good.toml --out answer.xlsx", "run good.toml --out taken.csv/answer", "run good.toml --set p.rate=25",
    "run good.toml --set p.exporters=[\"AUS\"]", "run good.toml --set focus=5", "run good.toml --set p.rat=1",
    "run good.toml --set =", "run good.toml --baseline compact", "run", "run good.toml good.toml",
    "sensitivity good.toml --of wellfare.KOR", "sensitivity good.toml --of welfare.KOR --top 0",
    "stance --game seul", "stance --draws 20000", "stance --baseline nowhere", "stance --set nosuch.a=1",
    "bargain KOR CHN --outside war", "bargain KOR CHN --power 5", "bargain KOR CHN --cost KOR.FIN",
    "bargain KOR CHN --cost KOR.banana=1", "bargain KOR CHN --people Korea", "bargain KOR CHN --with Atlantis",
    "conflict KOR CHN --bilateral -1", "conflict KOR CHN --after nothing", "patience KOR CHN --depth 2",
    "exposure KOR --to KOR", "exposure KOR --to USA --to us", "exposure KOR --deficits none",
    "exposure KOR --of-scenario nothing", "exposure KOR --by-year --of-scenario phase-two",
    "diversify KOR --from korea", "diversify KOR --below 50", "diversify KOR --sectors banana",
    "tariffs KOR korea", "tariffs KOR CHN --aim peace", "tariffs KOR CHN --rates all", "tariffs",
    "dependence KOR --on Korea", "balance KOR CHN --years 2022:2010", "balance KOR CHN --years soon",
    "balance KOR CHN --out taken.csv", "track KOR CHN --through 2025-13", "track KOR CHN --balance -10",
    "track IND CHN", "timeline KOR CHN --years x", "timeline KOR", "risk KOR CHN", "risk KOR CHN --index no.csv",
    "check", "check no.txt", "check --ledger --claim 99-99", "check good.toml --claim 0-01",
    "compare phase-two nothing", "compare taken taken", "compare nothing.toml phase-two", "episode tahd",
    "gravity nosuch", "verify nowhere", "verify taken", "data add nosuch x.csv", "data show nosuch",
    "data remove nosuch", "data build nosuch", "new good.toml", "new x.txt", "new x.toml --like nothing",
    "new no/where.toml", "open nowhere", "open taken", "show nothing", "help nosuch", "nosuch", "--nosuch",
    "data nosuch", "scenarios --format xml", "validate --baseline nowhere",
)  # fmt: skip
ENGINE = (
    "gravity ", "verify ", "data add", "data build", "data show", "data remove", "stance --set",
    "risk KOR CHN --index", "compare taken", "compare nothing.toml", "diversify KOR --below", "sensitivity good.toml --of wellfare",
    "bargain KOR CHN --people", "bargain KOR CHN --cost KOR.FIN", "leverage CHN KOR --baseline world.nc",
    "check good.toml",
)  # fmt: skip
"""How commands begin whose refusal needs what only the engine, a world or the store can say."""


def told(words: list[str]) -> tuple[int, str, str]:
    """What a command comes to: its exit status, its output and its errors."""
    from detente import cli

    out, err = io.StringIO(), io.StringIO()
    sys.argv = ["detente", *words]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as end:
            return int(end.code or 0), out.getvalue(), err.getvalue()
        except BaseException as error:
            return -1, out.getvalue(), f"{err.getvalue()}{type(error).__name__}: {error}"
    return 0, out.getvalue(), err.getvalue()


def main(place: Path) -> dict[str, tuple[int, str, str, bool]]:
    """What comes of every command there, and whether the engine is loaded after it."""
    with contextlib.chdir(place):
        for name, text in FILES.items():
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        Path("latin.toml").write_bytes('title = "é"'.encode("latin-1"))
        every = commands()
        ordered = sorted(every, key=lambda name: name.startswith(ENGINE))
        return {name: (*told(every[name]), "jax" in sys.modules) for name in ordered}


if __name__ == "__main__":
    results = main(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(results))
