"""Whisper as torch trains it: from a CTranslate2 model's file, short context, an adapter on every linear layer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import peft
import torch
from torch import Tensor, nn
from transformers import WhisperConfig, WhisperForConditionalGeneration

from models import model_bin
from models.whisper_adapter import PARTS, place

Variables = Mapping[str, np.ndarray]


def whisper(model: bytes) -> WhisperForConditionalGeneration:
    """The model in ``model.bin`` as transformers knows it, float32, same numbers."""
    variables: Variables = {variable.name: variable.array for variable in model_bin.read(model).variables}
    embedding = _tensor(variables["decoder/embeddings/weight"])
    vocabulary, width = embedding.shape
    layers = len({name.split("/")[1] for name in variables if re.match(r"encoder/layer_\d", name)})
    config = WhisperConfig(
        vocab_size=vocabulary,
        d_model=width,
        num_mel_bins=variables["encoder/conv1/weight"].shape[1],
        encoder_layers=layers,
        decoder_layers=layers,
        encoder_attention_heads=width // 64,
        decoder_attention_heads=width // 64,
        encoder_ffn_dim=4 * width,
        decoder_ffn_dim=4 * width,
        # numbers of tokens belong to the caller; a smaller vocabulary has others
        pad_token_id=0,
        bos_token_id=0,
        eos_token_id=0,
        decoder_start_token_id=0,
    )
    torch_model = WhisperForConditionalGeneration(config)
    state = _state(variables, layers)
    state["model.decoder.embed_tokens.weight"] = state["proj_out.weight"] = embedding
    missing, unexpected = torch_model.load_state_dict(state, strict=False)
    if missing or unexpected:
        raise ValueError(f"the model's file does not fit Whisper: {missing or unexpected}")
    return torch_model.eval()


def with_adapter(model: WhisperForConditionalGeneration, rank: int, dropout: float) -> peft.PeftModel:
    """``model`` frozen but for an adapter on every linear layer of its encoder and decoder."""
    names = sorted({name.rsplit(".", 1)[-1] for name in PARTS})
    config = peft.LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=dropout, target_modules=names, bias="none")
    return peft.get_peft_model(model, config)


def adapter_of(model: peft.PeftModel, share: float = 1.0) -> dict[str, np.ndarray]:
    """``share`` of the adapter's change, as `models.whisper_adapter.read_adapter` expects it, float16."""
    arrays: dict[str, np.ndarray] = {}
    for name, module in model.named_modules():
        if isinstance(module, peft.tuners.lora.Linear):
            layer = name.split("base_model.model.model.", 1)[1]
            place(layer)  # every layer that is adapted has its place in the file
            down, up = (one["default"].weight.detach().cpu() for one in (module.lora_A, module.lora_B))
            arrays[f"{layer}.down"] = down.numpy().astype(np.float16)
            arrays[f"{layer}.up"] = (up * module.scaling["default"] * share).numpy().astype(np.float16)
    return arrays


def write_adapter(model: peft.PeftModel, path: Path, about: Mapping[str, object], share: float = 1.0) -> None:
    """``share`` of the adapter as a file, what it is beside it as JSON."""
    np.savez(path, **adapter_of(model, share))
    path.with_suffix(".json").write_text(json.dumps(about, indent=2, ensure_ascii=False), encoding="utf-8")


def encode(model: WhisperForConditionalGeneration, mels: Tensor) -> Tensor:
    """Encoder output ``[batch, frames / 2, width]`` of log-mel features ``[batch, mels, frames]`` of any even length.

    transformers' own encoder insists on the 3,000 frames of 30 s.
    """
    encoder = model.model.encoder
    hidden = nn.functional.gelu(encoder.conv1(mels))
    hidden = nn.functional.gelu(encoder.conv2(hidden)).permute(0, 2, 1)
    hidden = hidden + encoder.embed_positions.weight[: hidden.shape[1]]
    for layer in encoder.layers:
        output = layer(hidden, attention_mask=None)
        hidden = output[0] if isinstance(output, tuple) else output
    normed: Tensor = encoder.layer_norm(hidden)
    return normed


def decode(model: WhisperForConditionalGeneration, encoded: Tensor, tokens: Tensor) -> Tensor:
    """Scores ``[batch, length, vocabulary]`` of what follows each of ``tokens`` ``[batch, length]``."""
    hidden = model.model.decoder(input_ids=tokens, encoder_hidden_states=encoded, use_cache=False).last_hidden_state
    scores: Tensor = model.proj_out(hidden)
    return scores


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))


def _state(variables: Variables, layers: int) -> dict[str, Tensor]:
    state: dict[str, Tensor] = {}

    def norm(to: str, name: str) -> None:
        state[f"{to}.weight"] = _tensor(variables[f"{name}/gamma"])
        state[f"{to}.bias"] = _tensor(variables[f"{name}/beta"])

    for side in ("encoder", "decoder"):
        for number in range(layers):
            to, name = f"model.{side}.layers.{number}", f"{side}/layer_{number}"
            norm(f"{to}.self_attn_layer_norm", f"{name}/self_attention/layer_norm")
            norm(f"{to}.final_layer_norm", f"{name}/ffn/layer_norm")
            if side == "decoder":
                norm(f"{to}.encoder_attn_layer_norm", f"{name}/attention/layer_norm")
            for part in PARTS:
                if side == "encoder" and part.startswith("encoder_attn"):
                    continue
                variable, block, blocks = place(f"{side}.layers.{number}.{part}")
                weight, bias = variables[variable], variables[variable.replace("/weight", "/bias")]
                rows = len(weight) // blocks
                span = slice(block * rows, (block + 1) * rows)
                state[f"{to}.{part}.weight"] = _tensor(weight[span])
                if not part.endswith("k_proj"):  # Whisper's keys have no bias
                    state[f"{to}.{part}.bias"] = _tensor(bias[span])
        norm(f"model.{side}.layer_norm", f"{side}/layer_norm")
        state[f"model.{side}.embed_positions.weight"] = _tensor(variables[f"{side}/position_encodings/encodings"])
    for conv in ("conv1", "conv2"):
        state[f"model.encoder.{conv}.weight"] = _tensor(variables[f"encoder/{conv}/weight"])
        state[f"model.encoder.{conv}.bias"] = _tensor(variables[f"encoder/{conv}/bias"])
    return state
