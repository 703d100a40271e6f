from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from asr import g711


@pytest.mark.parametrize(("law", "subtype"), [("alaw", "ALAW"), ("mulaw", "ULAW")])
def test_every_code_decodes_as_libsndfile_decodes_it(law: g711.Law, subtype: str, tmp_path: Path) -> None:
    raw = tmp_path / "codes.raw"
    raw.write_bytes(bytes(range(256)))
    expected, _ = soundfile.read(raw, dtype="float32", format="RAW", subtype=subtype, samplerate=8000, channels=1)
    assert np.array_equal(g711.decode(bytes(range(256)), law), expected)


@given(law=st.sampled_from(["alaw", "mulaw"]), data=st.binary(max_size=400))
def test_encoding_a_decoded_code_gives_the_same_sample_again(law: g711.Law, data: bytes) -> None:
    samples = g711.decode(data, law)
    assert np.array_equal(g711.decode(g711.encode(samples, law), law), samples)


@given(law=st.sampled_from(["alaw", "mulaw"]), level=st.floats(-1.5, 1.5))
def test_encoding_is_off_by_a_few_percent_at_most(law: g711.Law, level: float) -> None:
    [decoded] = g711.decode(g711.encode(np.array([level], np.float32), law), law)
    wanted = min(1.0, max(-1.0, level))
    assert abs(decoded - wanted) <= 0.05 * abs(wanted) + 0.001
