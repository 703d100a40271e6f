"""`assist dispatch`: how far dispatch may be trusted, on tickets whose unit is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.common import ConfigPath, JsonFile, bar, catalogue, configuration, output_file, save, write_json
from assist.cli.errors import InputError, explained
from assist.judged_tickets import Readers

if TYPE_CHECKING:
    from assist.certify import Certification, Heard, Outcome
    from extractors.catalogue.knowledge import Catalogue
    from extractors.matching.certificate import Point
    from extractors.matching.dispatch_certificate import Certificate, Text

app = typer.Typer(no_args_is_help=True, help="How far dispatch may be trusted.")

ERROR, CONFIDENCE = 0.0181, 0.95
_STEPS = 20  # rows of the curve that are printed
_OTHER_ERRORS = (0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2)  # told where nothing passes
_WHOSE: dict[Readers, str] = {
    "either": "either of two readers named",
    "first": "the first of two readers named",
    "both": "both of two readers named",
}
_UNDERSTANDING = """\
What a certificate says: of tickets like the ones it was calibrated on, dispatched by this very catalogue and ranking,
at most {error} are sent to a wrong unit; a procedure that says so is wrong in at most {rest} of all calibrations. It
says nothing of other tickets: other callers, other matters, other ways of writing down, and recognised speech where
text was judged."""


@app.callback()
def dispatch() -> None:
    """How far dispatch may be trusted."""


@app.command()
def certify(
    tickets: Annotated[list[Path], typer.Argument(help="Files of judged tickets, or folders of them.")],
    error: Annotated[float, typer.Option(help="Error rate to certify.", min=0.0001, max=0.5)] = ERROR,
    confidence: Annotated[float, typer.Option(help="Confidence of the certificate.", min=0.5, max=0.9999)] = CONFIDENCE,
    whole: Annotated[
        bool, typer.Option(help="Calibrate on all tickets; else on one half, and the other half checks it.")
    ] = False,
    misheard: Annotated[
        float,
        typer.Option(
            help="Also certify for recognised text: the tickets with this share of their characters misheard and names "
            "repaired, a stand-in for recordings.",
            min=0.0,
            max=0.9,
        ),
    ] = 0.0,
    readers: Annotated[
        Readers,
        typer.Option(help="Of tickets that were read twice: right is what either reader named, or the first, or both."),
    ] = "either",
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the certificate to this file: `certificate.yaml` in the folder of the catalogue or overlay "
            "that calls are understood with.",
            dir_okay=False,
            callback=output_file,
        ),
    ] = None,
    misses: Annotated[int, typer.Option(help="Show this many of the tickets dispatched wrongly.", min=0)] = 0,
    json_file: JsonFile = None,
    config: ConfigPath = None,
) -> None:
    """Find the threshold from which tickets may be dispatched automatically, and certify its error rate.

    Learn then Test with exact binomial tests, thresholds from strict to loose. Prints the whole curve of coverage and
    error, and a report by unit. Exit code 1: no threshold passed, nothing is certified; 3: the tickets cannot be
    used, or are too few. The file format is described in docs/catalogue.md.
    """
    with explained():
        from assist import certify as certifying  # noqa: PLC0415 - slow; not for --help
        from assist.judged_tickets import TicketError, agreement, halves, read_tickets  # noqa: PLC0415
        from extractors.matching.certificate import needed  # noqa: PLC0415
        from extractors.matching.dispatch_certificate import written  # noqa: PLC0415

        knowledge = catalogue(configuration(config))
        try:
            judged = read_tickets(tickets, {unit.name for unit in knowledge.units.values()}, readers)
            judged = certifying.reached(judged, knowledge)
        except TicketError as problem:
            raise InputError(str(problem)) from None
        calibrating, checking = (judged, []) if whole else halves(judged)
        if len(calibrating) < (least := needed(error, confidence)):
            raise InputError(
                f"{len(calibrating)} tickets calibrate, but it takes {least} without a mistake to certify "
                f"{_percent(error)} at {_percent(confidence)}"
                + ("" if whole else "; --whole calibrates on all of them")
            )
        console = Console(highlight=False)
        twice, same, common = agreement(judged)
        if twice:
            console.print(
                f"{twice} of {len(judged)} tickets were read twice: the same unit first in {_percent(same / twice)}, "
                f"one in common in {_percent(common / twice)}. Right is here what {_WHOSE[readers]}."
            )
        texts: dict[Text, Heard | None] = {"written": None}
        if misheard:
            texts["heard"] = certifying.mishearing(knowledge, misheard)
        results: list[Certification] = []
        for text, hear in texts.items():
            with bar(f"Dispatching ({text})", len(judged)) as step:
                parts = [certifying.told(part, knowledge, hear, step) for part in (calibrating, checking)]
            results.append(certifying.Certification(text, parts[0], parts[1], error, confidence))
        certificates = []
        suggest = float(knowledge.rules("dispatch")["suggest"])
        for result in results:
            about = _about(tickets, result, misheard, readers if twice else None)
            found = result.certificate(knowledge, about)
            certificates += [found] if found else []
            _print(console, result, about, suggest, misses)
        console.print(_UNDERSTANDING.format(error=_percent(error), rest=_percent(1 - confidence)), markup=False)
        write_json(json_file, _json(results, certificates, knowledge, suggest))
        if out is not None and certificates:
            save(out, written(certificates))
        if len(certificates) < len(results):
            raise typer.Exit(1)


def _about(tickets: list[Path], result: Certification, misheard: float, readers: Readers | None) -> str:
    named = ", ".join(path.name for path in tickets)
    part = "all" if not result.check else "the half with even hashes"
    heard = f", {_percent(misheard)} of the characters misheard by simulation" if result.text == "heard" else ""
    whose = f"; right is what {_WHOSE[readers]}" if readers else ""
    return f"{len(result.calibration)} tickets of {named} ({part}{heard}{whose})"


def _print(console: Console, result: Certification, about: str, suggest: float, misses: int) -> None:
    console.print(f"\n{result.text} text — calibrated on {about}", markup=False)
    right = sum(one.right for one in result.outcomes)
    console.print(f"unit right whatever its confidence: {right} of {len(result.outcomes)}")
    table = Table("dispatched", "from confidence", "wrong", "error", f"upper bound at {_percent(result.confidence)}")
    for point in _thinned(result.curve()):
        table.add_row(
            _percent(point.coverage),
            f"{point.threshold:.3f}",
            str(point.errors),
            _percent(point.error),
            _percent(point.bound),
        )
    console.print(table)
    passed = result.point
    if passed is None:
        console.print(f"No threshold passed: nothing is certified at {_percent(result.error)}.", style="red")
        _print_other_errors(console, result)
        _print_wrong(console, result, suggest, misses)
        return
    console.print(
        f"CERTIFIED: dispatched from {passed.threshold:.4f} on, at most {_percent(result.error)} wrong with "
        f"{_percent(result.confidence)} confidence. Calibration: {passed.selected} of {passed.of} "
        f"dispatched ({_percent(passed.coverage)}), {passed.errors} wrong, bound {_percent(passed.bound)}."
    )
    if result.check:
        check = result.checked(passed.threshold)
        console.print(
            f"Check on the other half: {check.selected} of {check.of} dispatched ({_percent(check.coverage)}), "
            f"{check.errors} wrong ({_percent(check.error)})."
        )
    _print_wrong(console, result, passed.threshold, misses)


def _print_other_errors(console: Console, result: Certification) -> None:
    """What would have passed for other error rates, each taken on its own."""
    for error in _OTHER_ERRORS:
        point = replace(result, error=error).point
        if point is not None:
            dispatched = _percent(point.coverage)
            console.print(
                f"The least that would pass, had it been asked for: {_percent(error)}, {dispatched} dispatched."
            )
            return


def _print_wrong(console: Console, result: Certification, threshold: float, misses: int) -> None:
    wrong = result.wrong(threshold)
    close = sum(one.close for one in wrong)
    console.print(
        f"From {threshold:.4f} on {len(wrong)} are wrong: of {close} the right unit is told as an alternative, of the "
        f"other {len(wrong) - close} it is not."
    )
    by_unit = Table("unit", "tickets", "right", "dispatched", "wrong")
    for row in result.units(threshold):
        by_unit.add_row(*(str(value) for value in row.values()))
    console.print(by_unit)
    for one in wrong[:misses]:
        console.print(_miss(one), markup=False, soft_wrap=True)


def _miss(one: Outcome) -> str:
    units = "/".join(one.ticket.units)
    return f"{one.ticket.id} {one.confidence:.3f}: {one.unit} instead of {units}  ←  {one.template}"


def _thinned(points: list[Point]) -> list[Point]:
    """About `_STEPS` of the points, evenly by coverage."""
    shown: list[Point] = []
    for point in points:
        if point.selected and (not shown or point.coverage - shown[-1].coverage >= 1 / _STEPS):
            shown.append(point)
    return shown


def _json(
    results: list[Certification], certificates: list[Certificate], knowledge: Catalogue, suggest: float
) -> dict[str, Any]:
    texts: dict[str, Any] = {}
    for result in results:
        point = result.point
        certificate = next((one for one in certificates if one.text == result.text), None)
        check = result.checked(point.threshold) if point and result.check else None
        texts[result.text] = {
            "tickets": len(result.outcomes),
            "right": sum(one.right for one in result.outcomes),
            "certificate": certificate.model_dump() if certificate else None,
            "coverage": round(point.coverage, 4) if point else 0.0,
            "check": {"coverage": round(check.coverage, 4), "error": round(check.error, 4)} if check else None,
            "curve": [
                {
                    "threshold": round(one.threshold, 6),
                    "coverage": round(one.coverage, 4),
                    "errors": one.errors,
                    "error": round(one.error, 4),
                    "bound": round(one.bound, 4),
                }
                for one in result.curve()
            ],
            "units": result.units(point.threshold if point else suggest),
        }
    return {"catalogue": knowledge.version, **texts}


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
