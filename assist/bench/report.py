"""The report of `assist bench asr --html`: the figures of `summary` in, one HTML page out.

It needs nothing but itself (no script, no font, no address), reads in light and dark and on paper, says everything in
Chinese and then English, and holds nothing of what was said.
"""

from __future__ import annotations

from html import escape
from typing import Any

from assist.bench.figures import QUIET
from assist.bench.html_parts import both, document, percent, section, table, text
from assist.bench.plots import Series, bar_plot, ecdf_plot, line_plot

_LATENCIES = (
    ("first_partial_s", "首次出字（自开口起）", "first text after speech starts"),
    ("partial_lag_s", "中间结果滞后", "partial lag behind speech"),
    ("final_s", "定稿（自说完起，含断句等待）", "final after the last speech sample, endpoint wait included"),
)
_READ = ("read_s", "通读后的工单（自挂机起）", "ticket of a call read as a whole, after it is over")

_SPEAKERS = {"agent": "坐席 agent", "citizen": "市民 citizen", "clip": "录音 clip"}


def page(figures: dict[str, Any]) -> str:
    """The report as HTML."""
    modes = figures["modes"]
    body = [_head(figures)]
    if offline := modes.get("offline"):
        body.append(_offline(offline))
    if live := modes.get("live"):
        body.append(_live(live))
    if capacity := modes.get("capacity"):
        body.append(_capacity(capacity))
    if soak := modes.get("soak"):
        body.append(_soak(soak))
    body.append(_notes(modes))
    return document("语音识别测量报告 Recognition report", body)


def _head(figures: dict[str, Any]) -> str:
    about = [
        ("模型", "model", figures["model"]),
        ("机器", "machine", figures["machine"]),
        ("时间", "date", figures["date"]),
        ("录音", "recordings", figures["recordings"]),
        ("电话编码", "telephone coding", figures["telephone"]),
    ]
    rows = "".join(
        f"<tr><th>{zh} <small>{en}</small></th><td>{escape(str(value))}</td></tr>" for zh, en, value in about
    )
    command = f"<tr><th>命令 <small>command</small></th><td><code>{escape(figures['command'])}</code></td></tr>"
    headline = [
        ("同时通话", "calls at once", figures["calls"] or None, ""),
        ("首次出字 p95", "first partial p95", figures["first_partial_s"]["p95"], "s"),
        ("中间结果滞后 p95", "partial lag p95", figures["partial_lag_s"]["p95"], "s"),
        ("定稿 p95", "final p95", figures["final_s"]["p95"], "s"),
        ("丢失定稿", "lost finals", figures["lost_finals"], ""),
        ("每秒语音的处理器秒数", "CPU seconds per second of speech", figures["cpu_per_speech_s"], ""),
        ("字错率", "character error rate", percent(figures["cer"]), ""),
        ("同一模型完整上下文", "same weights, full context, beam 5", percent(figures["offline_cer"]), ""),
        ("地名单位错误率", "entity error rate", percent(figures["entity_error"]), ""),
        ("可同时承载通话", "calls held at once", figures.get("calls_held"), ""),
    ]
    shown = [(zh, en, f"{value} {unit}".strip()) for zh, en, value, unit in headline if value is not None]
    return f"<h1>语音识别测量报告 <small>Recognition report</small></h1><table>{rows}{command}</table>" + table(
        (("指标", "figure"), ("值", "value")), [(both(zh, en), value) for zh, en, value in shown], raw=1
    )


def _offline(offline: dict[str, Any]) -> str:
    scores = [
        (both("本系统", offline["ours"]["name"]), offline["ours"]),
        *((both("同一模型，完整上下文", one["name"]), one) for one in [offline.get("full_context")] if one),
        *((both("对照", peer["name"]), peer) for peer in offline.get("versus", ())),
    ]
    rows = [
        (
            title,
            percent(one["cer"]),
            "，".join(f"{_SPEAKERS[name]} {percent(rate)}" for name, rate in one["cer_by_speaker"].items()),
            percent(one["entity_error"]),
            one["real_time_factor"],
            one["cpu_per_audio_s"],
            one["cpu_per_speech_s"],
            one.get("times_our_cpu", 1),
        )
        for title, one in scores
    ]
    columns = (
        ("识别方式", "recogniser"),
        ("字错率", "CER"),
        ("按说话人", "by speaker"),
        ("地名单位错误率", "entity error"),
        ("实时率", "real-time factor"),
        ("CPU 秒/音频秒", "CPU s per audio s"),
        ("CPU 秒/语音秒", "CPU s per speech s"),
        ("CPU 倍数", "times our CPU"),
    )
    entities = offline["entities"]
    facts = [
        (
            both("地名单位错误率，纠正前 → 后", "entity error rate before → after repair"),
            " → ".join(text(percent(entities[f"error_{when}_repair"])) for when in ("before", "after"))
            + f" (n {entities['said']})",
        )
    ]
    if "batch_difference" in offline:
        facts.append(
            (
                both("成批与单独解码文字不同的比例", "finals that differ in a batch"),
                f"{percent(offline['batch_difference'])} (n {offline['windows']})",
            )
        )
    if offline.get("retries_per_window") is not None:
        facts.append((both("每段重解次数", "retries per window"), f"{offline['retries_per_window']:.3f}"))
    plain = [one["name"] for _, one in scores]
    return section(
        "整段识别",
        "Offline: as fast as the machine can",
        table(columns, rows, raw=1),
        table((("指标", "figure"), ("值", "value")), facts, raw=1),
        bar_plot(
            [(name, 100 * one["cer"]) for name, (_, one) in zip(plain, scores, strict=True) if one["cer"] is not None],
            "% CER",
        ),
        bar_plot(
            [(name, one["cpu_per_audio_s"]) for name, (_, one) in zip(plain, scores, strict=True)], "CPU s / audio s"
        ),
        f'<p class="soft">字错率归一化 Normalisation: {escape(offline["normalisation"])}</p>',
    )


def _live(live: dict[str, Any]) -> str:
    rows = [
        (both(zh, en), live[name]["n"], *(_seconds(live[name][share]) for share in ("p50", "p95", "p99")))
        for name, zh, en in (*_LATENCIES, _READ)
    ]
    columns = (("秒", "seconds"), ("n", ""), ("p50", ""), ("p95", ""), ("p99", ""))
    return section(
        f"实时通话：{live['calls']} 路",
        f"Live: {live['calls']} at once, {live['chunk_ms']} ms of audio a message",
        table(columns, rows, raw=1),
        ecdf_plot(
            [(f"{zh} {en}", live["distribution"][name]) for name, zh, en in _LATENCIES], "秒 seconds", "累计比例 share"
        ),
        _facts(live),
    )


def _facts(live: dict[str, Any]) -> str:
    facts = [
        ("应有定稿", "finals due", live["due_finals"]),
        ("丢失", "lost", live["lost_finals"]),
        ("文字有变", "with another text than in replay", live["changed_finals"]),
        ("定稿字错率", "character error rate of finals", percent(live["cer"])),
        ("定稿地名单位错误率", "entity error rate of finals", percent(live["entity_error"])),
        ("被拒通话", "calls refused", live["refused"]),
        ("中断", "broken off", live["failed"]),
        ("每秒语音的处理器秒数", "server CPU seconds per second of speech", live["cpu_per_speech_s"]),
        ("服务占用处理器", "server's share of the processor", percent(live["server_cpu_share"])),
        ("测量程序占用处理器", "feeder's share of the processor", percent(live["feeder_cpu_share"])),
        ("其他程序占用处理器", "other programs' share of the processor", _others(live["others_cpu_share"])),
        ("内存峰值", "peak memory of the server", f"{live['peak_memory_mb']} MB"),
    ]
    return table((("指标", "figure"), ("值", "value")), [(both(zh, en), value) for zh, en, value in facts], raw=1)


def _capacity(capacity: dict[str, Any]) -> str:
    steps = sorted(capacity["steps"], key=lambda step: step["calls"])
    goal = capacity["goal_s"]
    measured = [step for step in steps if step["final_s"]["p95"] is not None]
    rows = [
        (
            step["calls"],
            "是 yes" if step["held"] else "否 no",
            *(_pair(step[name]) for name in ("first_partial_s", "partial_lag_s", "final_s")),
            _seconds(step["final_s"]["p99"]),
            step["cpu_per_speech_s"],
            percent(step["server_cpu_share"]),
            step["lost_finals"],
            step["refused"],
        )
        for step in steps
    ]
    columns = (
        ("通话", "calls"),
        ("达标", "held"),
        ("首次出字", "first partial p50 / p95"),
        ("滞后", "partial lag p50 / p95"),
        ("定稿", "final p50 / p95"),
        ("定稿 p99", "final p99"),
        ("CPU 秒/语音秒", "CPU s per speech s"),
        ("服务占用", "server CPU share"),
        ("丢失", "lost"),
        ("被拒", "refused"),
    )
    lags = [
        Series(f"定稿 final {share}", [(step["calls"], step["final_s"][share]) for step in measured], marks=True)
        for share in ("p50", "p95")
    ]
    cost = [(step["calls"], step["cpu_per_speech_s"]) for step in steps if step["cpu_per_speech_s"] is not None]
    return section(
        f"容量：{capacity['calls_held']} 路通话",
        f"Capacity: {capacity['calls_held']} calls at once with final p95 ≤ {goal} s and none lost",
        f'<div class="wide">{table(columns, rows)}</div>',
        line_plot(lags, "同时通话 calls at once", "秒 seconds", goal=goal),
        line_plot(
            [Series("CPU 秒/语音秒 CPU s per speech s", cost, marks=True)], "同时通话 calls at once", "CPU s / speech s"
        ),
        f'<p class="soft">每步 {capacity["seconds"]:g} 秒音频；红虚线为目标。 '
        f"{capacity['seconds']:g} s of audio a step; the dashed level is the goal.</p>",
    )


def _soak(soak: dict[str, Any]) -> str:
    samples = [(seconds / 3600, megabytes) for seconds, megabytes in soak["samples"]]
    facts = [
        ("内存增长", "slope", f"{soak['slope_mb_per_hour']} MB/h"),
        ("最初 / 最后", "first / last", f"{soak['first_mb']} / {soak['last_mb']} MB"),
        ("播放速度", "seconds of audio a second", soak["speed"]),
    ]
    return section(
        f"长时间运行：{soak['calls']} 路 × {soak['hours']:g} 小时",
        f"Soak: {soak['calls']} lines for {soak['hours']:g} h of audio",
        table((("指标", "figure"), ("值", "value")), [(both(zh, en), value) for zh, en, value in facts], raw=1),
        line_plot([Series("服务内存 server memory", samples)], "音频小时 hours of audio", "MB"),
        _facts(soak),
    )


def _notes(modes: dict[str, Any]) -> str:
    notes = []
    if modes.keys() & {"live", "capacity", "soak"}:
        notes.append(
            "时延在坐席页面一侧测得，自样本说出时起算；起止时间取脚本中的真实话轮（相距 0.5 秒以内），否则取语音端点。"
            "丢失：回放同一录音应有而未收到的定稿。 "
            "Latencies are taken where a desk receives the text, from the moment a sample was spoken; speech starts "
            "and ends where the script's turn does (if within 0.5 s), else where voice activity does. Lost: finals "
            "that replay of the same recording gives and that did not come."
        )
    if "versus" in modes.get("offline", {}):
        notes.append(
            "对照程序一次听完整段录音，没有实时结果，只比较整段识别。 "
            "The peer hears whole recordings and has no streaming: only passes are compared."
        )
    return "".join(f'<p class="soft">{note}</p>' for note in notes)


def _others(share: float | None) -> str | None:
    if share is None or share <= QUIET:
        return percent(share)
    return f'<span class="bad">{percent(share)}</span>'


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _pair(values: dict[str, Any]) -> str:
    return f"{_seconds(values['p50'])} / {_seconds(values['p95'])}"
