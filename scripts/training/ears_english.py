"""English for the ears, and Chinese with English words in it, so that training does not unlearn to write English.

usage: VOICES_PYTHON scripts/training/ears_english.py FOLDER     (in the environment of the voices; needs espeak-ng)

Every sentence is spoken by three of Kokoro's voices, as espeak-ng and misaki spell it, and
joins the clips of FOLDER/train.jsonl; what is there already is not spoken again.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from scripts.training import ears_timbres
from scripts.training.ears_speak import RATE, SOURCE_RATE, kokoro_sounds

# Written by hand for this project; people and firms are invented.
ENGLISH = """Hello, is this the city hotline? I need some help with my residence permit.
I have been calling the property management all week and nobody answers.
Could you please tell me which office handles work permits?
The gas meter in my kitchen is making a strange noise.
My name is Anna Keller, that is K E L L E R.
The shop sold me a phone that does not turn on, and they refuse to give a refund.
I live near the east gate of the park, on the sixth floor.
There has been no hot water in our dormitory since last Friday.
I would like to make a complaint about a taxi driver.
He did not use the meter and asked me to pay two hundred.
The kindergarten says my son cannot register without the local card.
Yes, that is correct. Thank you very much for your help.
No, I did not get any message about it.
What documents should I bring when I come to the office?
My company has not paid my salary for two months.
The dogs in the next building bark every night until three in the morning.
I paid a deposit of five thousand, and now the agency has closed.
Please speak a little more slowly, my Chinese is not very good.
We found a wallet on the bus and want to return it to the owner.
The road outside the school is flooded every time it rains.
How long does it take to change the address on my driving licence?
I am a student here and I want to ask about health insurance.
The train was cancelled and the ticket office would not change my ticket.
Our neighbours are renovating at weekends, and the noise is terrible.
Can I pay the fine online, or do I have to go to the police station?
The card machine charged me twice for the same meal.
My visa will expire at the end of the month, and I have not heard back.
I ordered a table from the internet and it arrived broken.
It is opposite the library, next to a small coffee shop.
Good afternoon, I am calling for my wife, she lost her handbag.
Someone opened a credit card in my name, and I do not know what to do.
I will wait for your call tomorrow morning.
The gym closed last week without telling the members anything.
There are cars parked on the pavement, so we have to walk in the street.
Is the museum open on public holidays?
I want to thank a nurse who stayed with my father the whole night.
They promised to repair it on Monday, then on Wednesday, and nothing happened.
Where can I get a certificate of no criminal record?
The landlord changed the lock while my things are still inside.
Sorry, could you say the number again, please?""".splitlines()
MIXED = """你好，我想问一下，我的 work permit 下个月到期。
我在网上买的 coffee machine，收到的时候是坏的。
他们说要 update 系统，我的账号就登录不了了。
我不知道中文怎么说，就是那个 residence permit。
酒店的 reception 说没有我的预订。
公司 HR 说社保下个月才能交。
那个 app 一直显示 error，付不了款。
我的 landlord 不肯退押金，怎么办？
健身房的 manager 说可以 refund，现在又不认了。
我女儿在 international school 读书，想问转学的事。
他给我发了一个 email，说我中奖了，要先交税。
我的 flight 取消了，航空公司不给改签。
请问外国人办 health certificate 去哪里？
快递员说 address 写错了，其实没有写错。
我们是做 design 的，合同里写了三个月付款。
老板让我们天天 overtime，又没有加班费。
我这个 bank card 被吞了，柜台说要等三天。
楼下那个 bar 每天开到两点钟，很吵。
他的名字叫 Peter，是我们的外教。
我买的 ticket 扫不出来，工作人员不让进。
我想要一个 invoice，他们一直不开。
会一点点中文，my Chinese is not good。
Sorry，你可以讲慢一点吗？
OK，谢谢你，再见。
在体育西路那边，near the metro station。
我的 passport 号码要不要说？
小区的 wifi 装不了，说是线路满了。
中介说这个房子是 new house，其实漏水。
我要 cancel 这个会员，他们说不可以。
那个 driver 绕路，多收了我五十块。""".splitlines()
VOICES = 3  # of each sentence
SEED = 12345
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z .,'?!]*")
_BRITISH = "b"  # the first letter of British voices' names
# espeak-ng's signs for English sounds in those that Kokoro learned from, longest first
_SIGNS = {
    "ʔˌn\u0329": "ʔn", "ʔn\u0329": "ʔn", "a^ɪ": "I", "a^ʊ": "W", "d^ʒ": "ʤ", "e^ɪ": "A", "t^ʃ": "ʧ", "ɔ^ɪ": "Y",
    "ə^l": "ᵊl", "e": "A", "ɚ": "əɹ", "r": "ɹ", "x": "k", "ɐ": "ə", "ɬ": "l",
}  # fmt: skip
_AMERICAN = {"o^ʊ": "O", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ː": ""}
_BRITAIN = {"e^ə": "ɛː", "iə": "ɪə", "ə^ʊ": "Q"}


def sounds(text: str, british: bool) -> str:
    """English ``text`` in Kokoro's signs. Raises ``CalledProcessError`` where espeak-ng fails."""
    words = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-gb" if british else "en-us", text]
    clauses = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
    told = ", ".join(filter(None, map(str.strip, clauses)))
    for one, other in (*_SIGNS.items(), *(_BRITAIN if british else _AMERICAN).items()):
        told = told.replace(one, other)
    return told.replace("\u0329", "").replace("o", "ɔ").replace("^", "")


def spelled(text: str, british: bool, mandarin: Any) -> str:
    """``text`` in Kokoro's signs, its English words as English, the rest by ``mandarin``."""
    parts, end = [], 0
    for found in _ENGLISH.finditer(text):
        if text[end : found.start()].strip():
            parts.append(mandarin(text[end : found.start()]))
        parts.append(
            sounds(found[0].strip(), british) + (found[0].strip()[-1:] if found[0].strip()[-1:] in ".?!" else "")
        )
        end = found.end()
    if text[end:].strip():
        parts.append(mandarin(text[end:]))
    return " ".join(parts)


def clips(folder: Path, known: set[str]) -> Iterator[dict[str, Any]]:
    """Speaks what is not ``known`` into FOLDER/audio; out: the objects of its manifest."""
    timbres = ears_timbres.Timbres(Path(sys.prefix) / "kokoro-js" / "voices")
    mandarin, say = kokoro_sounds()
    for kind, lines in (("english", ENGLISH), ("mixed", MIXED)):
        for number, text in enumerate(lines):
            rng = np.random.default_rng((SEED, kind == "mixed", number))
            for voice in rng.permutation([name for name in ears_timbres.OTHERS if name[0] in "ab"])[:VOICES]:
                name = f"audio/{kind}-{number:02}-{voice}.flac"
                if name in known:
                    continue
                manner = "" if kind == "english" else "/" + str(rng.choice(ears_timbres.MANDARIN))
                signs = spelled(text, str(voice)[0] == _BRITISH, mandarin)
                sound = say(signs, timbres.style(str(voice) + manner), float(rng.uniform(0.85, 1.2)))
                sound = soxr.resample(np.asarray(sound, np.float32), SOURCE_RATE, RATE)
                soundfile.write(folder / name, sound * (0.7 / max(1e-3, float(np.abs(sound).max()))), RATE)
                yield {
                    "audio": name, "text": text, "voice": f"english {voice}", "kind": kind, "party": "citizen",
                    "seconds": round(len(sound) / RATE, 3),
                }  # fmt: skip


def main() -> None:
    """The command."""
    folder = Path(sys.argv[1])
    (folder / "audio").mkdir(parents=True, exist_ok=True)
    manifest = folder / "train.jsonl"
    lines = manifest.read_text(encoding="utf-8").splitlines() if manifest.exists() else []
    known = {json.loads(line)["audio"] for line in lines}
    seconds = 0.0
    with manifest.open("a", encoding="utf-8") as file:
        for clip in clips(folder, known):
            file.write(json.dumps(clip, ensure_ascii=False) + "\n")
            seconds += clip["seconds"]
    print(f"{seconds / 60:.1f} minutes of English in {folder}")


if __name__ == "__main__":
    main()
