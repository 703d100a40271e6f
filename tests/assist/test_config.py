"""The configuration is typed, documented and overridable; a mistake is named."""

import re
from itertools import product
from pathlib import Path

import pytest

from assist.config import Asr, Config, ConfigError, load
from assist.knowledge import utterances
from assist.resources import default_config


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_states_every_key_with_its_default() -> None:
    assert load(default_config()) == Config()


def test_every_key_of_the_shipped_file_is_explained() -> None:
    text = default_config().read_text(encoding="utf-8")
    for name, section in Config.model_fields.items():
        for key in type(section.default).model_fields:
            assert re.search(rf"^  {key}: .*# \S", text, re.MULTILINE), f"{name}.{key} lacks an explanation"


def test_a_file_needs_only_what_it_changes(tmp_path: Path) -> None:
    config = load(write(tmp_path, "server: {port: 9000}"))
    assert config.server.port == 9000
    assert config.server.host == "127.0.0.1"


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSIST_SERVER__PORT", "9001")
    config = load(write(tmp_path, "server: {port: 9000, host: 0.0.0.0}"))
    assert (config.server.port, config.server.host) == (9001, "0.0.0.0")


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"unknown key `server\.prot`"):
        load(write(tmp_path, "server: {prot: 9000}"))


def test_an_unknown_section_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown key `sever`"):
        load(write(tmp_path, "sever: {port: 9000}"))


def test_an_ill_typed_value_is_named_with_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"`server\.port` is 'eight': Input should be a valid integer"):
        load(write(tmp_path, "server: {port: eight}"))


def test_a_section_with_nothing_in_it_changes_nothing(tmp_path: Path) -> None:
    assert load(write(tmp_path, "asr:\nserver:\n")) == Config()


def test_a_key_that_is_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown key `5`"):
        load(write(tmp_path, "5: 3"))


def test_an_ill_typed_environment_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSIST_SERVER__PORT", "eight")
    with pytest.raises(ConfigError, match="environment variable ASSIST_SERVER__PORT"):
        load(write(tmp_path, "server: {host: 0.0.0.0}"))


def test_a_section_in_the_environment_must_be_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSIST_SERVER", "eight")
    with pytest.raises(ConfigError, match="JSON object"):
        load()


def test_an_unknown_environment_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSIST_SERVER__PROT", "1")
    with pytest.raises(ConfigError, match="ASSIST_SERVER__PROT"):
        load()


@pytest.mark.parametrize("text", ["server: [", "just words", "- a\n- b"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml"):
        load(write(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        load(tmp_path / "absent.yaml")


TIMES = ("end_silence", "max_utterance", "first_interim", "interim_every")


@pytest.mark.parametrize("bounds", [*product((0, 1), repeat=len(TIMES))])
def test_the_recogniser_takes_whatever_times_the_configuration_takes(bounds: tuple[int, ...]) -> None:
    limits = {}
    for name, upper in zip(TIMES, bounds, strict=True):
        bound = [limit for limit in Asr.model_fields[name].metadata if hasattr(limit, "le" if upper else "ge")]
        limits[name] = bound[0].le if upper else bound[0].ge
    settings = utterances(Asr(**limits))
    assert settings.hard_limit == limits["max_utterance"]
    assert settings.end_silence == limits["end_silence"]


@pytest.mark.parametrize(("key", "value"), [("MAX_UTTERANCE", "27"), ("MAX_UTTERANCE", "4"), ("END_SILENCE", "0.2")])
def test_times_that_the_recogniser_refuses_are_named(key: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ASSIST_ASR__{key}", value)
    with pytest.raises(ConfigError, match=rf"ASSIST_ASR__{key}: `asr\.{key.lower()}` is '{value}'"):
        load()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "store:\n  keep_days: 30\n  keep_days: 0\n",
            r"line 3: the key `keep_days` stands here again, first in line 2",
        ),
        ("server: {port: 9000}\nlog:\nserver: {host: '::'}\n", r"line 3: the key `server` stands here again"),
        ("store: 90\n", r"`store` is 90: must be a section"),
        ("server: {allowed_origins: https://desk.example.gov.cn}\n", r"`server\.allowed_origins` is .*must be a list"),
        ("server:\n\tport: 9000\n", r"line 2: is not valid YAML"),
        ("# 热线\x08\n", r"line 1: holds the control character #x0008"),
    ],
)
def test_what_would_be_left_out_or_misread_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        load(write(tmp_path, text))


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_file_in_another_encoding_is_told_how_to_save_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("server:\n  port: 9000   # 端口\n", encoding=encoding)
    with pytest.raises(ConfigError, match="save it as UTF-8"):
        load(path)


def test_a_file_saved_by_an_editor_of_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes("server:\r\n  port: 9000\r\n".encode("utf-8-sig"))
    assert load(path).server.port == 9000


@pytest.mark.parametrize("origin", ["https://desk.example.gov.cn", "http://assist:8012", "https://[fd00::21]:8443"])
def test_an_origin_is_taken_with_and_without_a_port(tmp_path: Path, origin: str) -> None:
    text = f"server:\n  allowed_origins:\n    - {origin}\n"
    assert load(write(tmp_path, text)).server.allowed_origins == (origin,)


def test_calls_are_not_kept_in_the_working_directory_because_a_variable_is_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSIST_STORE__DIRECTORY", "")
    with pytest.raises(ConfigError, match=r"ASSIST_STORE__DIRECTORY: `store\.directory` is '': name a folder"):
        load()


@pytest.mark.parametrize(
    ("section", "key"),
    [
        (name, key)
        for name, section in Config.model_fields.items()
        for key, field in type(section.default).model_fields.items()
        if field.annotation in (int, float)
    ],
)
@pytest.mark.parametrize("word", ["yes", "true", "off"])
def test_yes_and_no_are_no_numbers(section: str, key: str, word: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf"`{section}\.{key}` is (True|False): must be a number"):
        load(write(tmp_path, f"{section}: {{{key}: {word}}}"))


def test_yes_and_no_still_switch_what_can_be_switched(tmp_path: Path) -> None:
    config = load(write(tmp_path, "understanding: {scribe: no}\nasr: {rescoring: yes}"))
    assert (config.understanding.scribe, config.asr.rescoring) == (False, True)


@pytest.mark.parametrize("value", [".inf", "-.inf", ".nan"])
@pytest.mark.parametrize("key", ["resume_seconds", "least_free_gib", "keep_days"])
def test_what_has_no_end_is_no_number(key: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf"`store\.{key}` is .*finite number"):
        load(write(tmp_path, f"store: {{{key}: {value}}}"))


@pytest.mark.parametrize("value", ["true", "inf", "nan", ""])
def test_the_environment_holds_numbers_too(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSIST_STORE__RESUME_SECONDS", value)
    with pytest.raises(ConfigError, match="environment variable ASSIST_STORE__RESUME_SECONDS"):
        load()


def test_numbers_are_read_off_the_text_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSIST_STORE__RESUME_SECONDS", "2.5")
    monkeypatch.setenv("ASSIST_STORE__KEEP_DAYS", "90")
    config = load()
    assert (config.store.resume_seconds, config.store.keep_days) == (2.5, 90)


@pytest.mark.parametrize("number", ["036", "-010", "+07"])
def test_a_number_that_yaml_would_read_to_base_eight_is_refused(number: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf"line 2: {re.escape(number)} begins with 0"):
        load(write(tmp_path, f"store:\n  keep_days: {number}\n"))


def test_numbers_with_a_nought_where_it_belongs_are_read(tmp_path: Path) -> None:
    config = load(write(tmp_path, "store: {keep_days: 0, resume_seconds: 0.5, least_free_gib: 10}"))
    assert (config.store.keep_days, config.store.resume_seconds, config.store.least_free_gib) == (0, 0.5, 10)


@pytest.mark.parametrize("host", ["", "  "])
def test_the_server_is_not_opened_to_everybody_because_a_variable_is_empty(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSIST_SERVER__HOST", host)
    with pytest.raises(ConfigError, match=r"ASSIST_SERVER__HOST: `server\.host` is .*0\.0\.0\.0 for every interface"):
        load()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "desk.example.gov.cn"])
def test_every_interface_is_taken_where_it_is_named(host: str, tmp_path: Path) -> None:
    assert load(write(tmp_path, f"server: {{host: '{host}'}}")).server.host == host


@pytest.mark.parametrize("zone", ["Asia", "Asia/Guangzhou", "../Shanghai", "", "A" * 300])
def test_what_is_no_time_zone_is_told(zone: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"`server\.timezone` is .*: no such time zone; use a name such as"):
        load(write(tmp_path, f"server: {{timezone: '{zone}'}}"))


@pytest.mark.parametrize(
    "origin",
    [
        "desk.example.gov.cn",
        "desk.example.gov.cn:8443",
        "https://desk.example.gov.cn/desk",
        "https://desk.example.gov.cn?x",
        "https://agent@desk.example.gov.cn",
        "https://*.example.gov.cn",
        "https://政务.example.cn",
        "wss://desk.example.gov.cn",
        "https://",
        "*",
        "",
    ],
)
def test_an_origin_that_no_browser_sends_is_refused_with_the_right_form(origin: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"`server\.allowed_origins\.0` is .*such as https://desk\.example\.gov\.cn"):
        load(write(tmp_path, f"server: {{allowed_origins: ['{origin}']}}"))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://desk.example.gov.cn", "https://desk.example.gov.cn"),
        ("https://desk.example.gov.cn/", "https://desk.example.gov.cn"),
        ("HTTPS://Desk.example.gov.cn:443", "https://desk.example.gov.cn"),
        ("http://10.0.9.21:80/", "http://10.0.9.21"),
        ("http://10.0.9.21:8443", "http://10.0.9.21:8443"),
        ("https://desk.example.gov.cn:80", "https://desk.example.gov.cn:80"),
        ("http://[fd00::21]:8012", "http://[fd00::21]:8012"),
        ("chrome-extension://abcdefgh", "chrome-extension://abcdefgh"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(written: str, sent: str, tmp_path: Path) -> None:
    assert load(write(tmp_path, f"server: {{allowed_origins: ['{written}']}}")).server.allowed_origins == (sent,)


PATHS = [
    "store.directory",
    "catalogue.directory",
    "catalogue.overlay",
    "catalogue.cache",
    "asr.model",
    "asr.language_model",
]


@pytest.mark.parametrize("key", PATHS)
def test_a_path_may_begin_with_the_home_of_who_runs_the_server(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    section, name = key.split(".")
    kept = {"~/x": tmp_path / "home" / "x", "./~/x": Path("./~/x"), "x~": Path("x~")}
    for written, meant in kept.items():
        config = load(write(tmp_path, f"{section}: {{{name}: '{written}'}}"))
        assert Path(getattr(getattr(config, section), name)) == meant
    with pytest.raises(ConfigError, match=rf"`{section}\.{name}` is '~no-such-user/x': .* home"):
        load(write(tmp_path, f"{section}: {{{name}: '~no-such-user/x'}}"))
