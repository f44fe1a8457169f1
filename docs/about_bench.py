"""Suites, editors, protocols."""

from __future__ import annotations

from words import table, worded


def suites() -> str:
    """The suites that are known by name."""
    from anyedit.bench.suites import KINDS

    words = {
        "magicbrush": ("test zip unpacked; hub Parquet", "CC-BY-4.0"),
        "emu-edit": ("hub Parquet", "CC-BY-NC-4.0"),
        "anyedit-test": ("zip, unpacked folder, hub Parquet", "CC-BY-4.0"),
        "gedit-bench": ("hub Parquet; `fullset/` folder with `metadata.jsonl`", "see its card"),
        "imgedit-bench": (
            "`Benchmark.tar`, or the folder it unpacks into; folder with `basic_edit.json` and "
            "`original_images/`",
            "see its card",
        ),
        "world-test": ("rendered from the package's manifest", "CC0-1.0"),
        "ours": ("a build's folder, or its `dataset/`; the test split when it has one", "the dataset's"),
    }
    rows = []
    for name in worded("suites", KINDS, words):
        kind = KINDS[name]
        options = ", ".join(f"`{option}`" for option in kind.options)
        hub = (kind.hub or "-") + (f" (`{'`, `'.join(kind.files)}`)" if kind.files else "")
        rows.append([f"`{name}`", kind.about, hub, options or "-", *words[name]])
    return table(["name", "what", "hub id", "`--option`", "layouts", "licence"], rows)


def editors() -> str:
    """The editors that can be measured, by how `--editor` names them."""
    from anyedit.bench.editors import PREFIXES
    from anyedit.bench.editors.command import PLACES

    more = ", ".join(f"`{{{place}}}`" for place in PLACES[3:])
    words = {
        "identity": ("`identity`", "the source unchanged"),
        "oracle": ("`oracle`", "the target"),
        "mini": ("`mini`", "the small editor that comes with the package, as `anyedit edit` uses it; where an installation "
                 'lacks it, `untrained` stands in, under the name "untrained (no mini here)" and with a note in every table'),
        "untrained": ("`untrained`", "a tiny editor with random weights: what the machinery gives without training"),
        "anysd": ("a folder or hub id", "AnySD, SD-1.5 editors, the published AnySD layout (`anyedit.models.load_editor`)"),
        "diffusers": ("`diffusers:ID`", "any pipeline whose call takes a prompt and a picture, found by capability; "
                      "`--set custom_pipeline=... --set trust_remote_code=true`, `--set class=...`"),
        "openai": ("`openai:MODEL`", "an image-edit endpoint; `--set base_url=http://localhost:8000/v1`"),
        "python": ("`python:MODULE:NAME`", "a function of yours, `edit(picture, instruction) -> picture`; may also take "
                   "`visual_prompt`, `seed`, `edit_type`, `id` and what `--set` says"),
        "cmd": ("`cmd:PROGRAM {source} {instruction} {out}`", f"an external program; also {more}"),
        "folder": ("`folder:DIR`", "finished outputs, by item id or by MagicBrush's and GEdit-Bench's names"),
    }  # fmt: skip
    worded("editors", sorted(PREFIXES), {name: words.get(name) for name in sorted(words)})
    return table(["`--editor`", "what"], [list(pair) for pair in words.values()])


AGAINST = {
    "target": "target",
    "source": "source",
    "target-else-source": "target, else source",
    "rival": "rival",
}


def protocols() -> str:
    """The presets of publications beside ours: what exactly they compare."""
    from anyedit.bench.metrics.similarity import ImageSimilarity, TextSimilarity
    from anyedit.bench.protocols import PRESETS

    rows = []
    for name, preset in PRESETS.items():
        image = next(
            (m for m in preset.metrics if isinstance(m, ImageSimilarity) and m.key == "clip_im"), None
        )
        if image is None:
            continue
        text = next(m for m in preset.metrics if isinstance(m, TextSimilarity))
        odd = [] if preset.matching == "id" else ["outputs matched by directory order"]
        odd += [] if preset.captioned == "each" else ["caption of a type's first record only"]
        odd += [] if text.scores == "output" else ["CLIPout scores Emu Edit's picture"]
        captions = text.caption if preset.captions == "keep" else f"{text.caption}, equal ones dropped"
        rows.append([f"`{name}`", image.model.label.removeprefix("CLIP "), AGAINST[image.against], captions,
                     str(preset.size or "native"), f"{preset.black}, {preset.missing}", "; ".join(odd)])  # fmt: skip
    return table(
        ["protocol", "CLIP", "compared with", "captions", "size", "black, missing", "peculiar"], rows
    )


def released_scripts() -> str:
    """Where a released script does something else than its paper says."""
    from anyedit.bench.protocols import PRESETS

    words = {
        "magicbrush-2023-as-released": "its default caption file holds the global descriptions; the paper uses local ones",
        "anyedit-2024-emu-as-released": "compares with Emu Edit's own output, and its CLIP-T scores *that* picture, so it "
        "is the same for every editor",
        "anyedit-2024-magicbrush-as-released": "matches outputs and targets by directory order: turns meet the wrong "
        "targets. A hash of the names stands for that order, so that the number is the same on every machine",
        "anyedit-2024-test-as-released": "resizes the target to the output's size; looks for a caption in a type's first "
        "record only, and where that has none gives the whole type no CLIPout (it prints -100)",
    }
    names = worded("released scripts", [n for n in PRESETS if n.endswith("-as-released")], words)
    return table(["preset", "what the script does"], [[f"`{name}`", words[name]] for name in names])
