"""A byte-pair tokenizer in CLIP's form, learned from what the datasets say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

from anyedit.training.foundation.pairs import rows_of
from anyedit.training.foundation.progress import write_json
from anyedit.training.foundation.recipe import TokenizerRecipe

START, END, LAST = "<|startoftext|>", "<|endoftext|>", "</w>"
PIECES = r"""<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""
"""How CLIP cuts a sentence into words before the byte pairs (OpenAI CLIP, `simple_tokenizer.py`)."""
TEXTS = ("instruction", "phrasings", "source_caption", "edited_caption")


def train_tokenizer(recipe: TokenizerRecipe, out: Path) -> dict[str, float]:
    """Learns from the train split's sentences, writes a folder that `CLIPTokenizer.from_pretrained` opens.

    Measures on the test split: tokens per word (trivial baseline: one byte a token), longest sentence, share
    of sentences that are cut.
    """
    tokenizer = learn(sentences(recipe.data, "train"), recipe.vocabulary, recipe.length)
    tokenizer.save_pretrained(out)
    opened = CLIPTokenizer.from_pretrained(out)
    lengths, words, letters = [], 0, 0
    for sentence in sorted(set(sentences(recipe.data, "test"))):
        lengths.append(len(opened(sentence).input_ids))
        words += len(sentence.split())
        letters += len(sentence.replace(" ", "").encode())
    measures = {
        "vocabulary": float(len(opened)),
        "sentences": float(len(lengths)),
        "tokens_per_word": (sum(lengths) - 2 * len(lengths)) / words,
        "tokens_per_word_trivial": letters / words,
        "longest": float(max(lengths)),
        "share_cut": sum(length > recipe.length for length in lengths) / len(lengths),
    }
    write_json(out / "measures.json", measures)
    return measures


def sentences(folders: list[str], split: str) -> Iterable[str]:
    """Every instruction, other wording and caption of a split, in the datasets' order."""
    for row in rows_of(folders, split, TEXTS):
        yield row["instruction"]
        yield from row["phrasings"] or ()
        yield row["source_caption"]
        yield row["edited_caption"]


def learn(texts: Iterable[str], vocabulary: int, length: int) -> CLIPTokenizer:
    """A CLIP tokenizer of at most `vocabulary` tokens: every byte, every byte at a word's end, then pairs."""
    bytes_ = sorted(pre_tokenizers.ByteLevel.alphabet())
    base = [START, END, *bytes_, *(byte + LAST for byte in bytes_)]
    learner = Tokenizer(models.BPE(end_of_word_suffix=LAST))
    learner.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    learner.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocabulary - len(bytes_),
            min_frequency=2,
            initial_alphabet=bytes_,
            end_of_word_suffix=LAST,
            special_tokens=[START, END],
            show_progress=False,
        ),
    )
    model = json.loads(learner.to_str())["model"]
    merges = [tuple(pair) if isinstance(pair, list) else tuple(pair.split(" ")) for pair in model["merges"]]
    tokens = list(dict.fromkeys([*base, *(first + second for first, second in merges)]))
    tokens = [*(token for token in tokens if token != END), END]  # CLIP: the end has the largest number
    vocab = {token: number for number, token in enumerate(tokens)}
    return CLIPTokenizer(vocab, merges, model_max_length=length)
