from __future__ import annotations

from xml.etree import ElementTree

import yaml
from small_dataset import summary

from anyedit.store.card import BIAS_PLOT, MEANING, bias_plot, card, licence_id
from anyedit.store.schema import COLUMNS


def front_matter(text: str) -> dict[str, object]:
    return yaml.safe_load(text.split("---\n")[1])  # type: ignore[no-any-return]


def test_front_matter_is_what_the_hub_reads() -> None:
    front = front_matter(card({**summary(), "licences": {"CC0-1.0": 5}}))
    assert front["license"] == "cc0-1.0"
    assert front["task_categories"] == ["image-to-image"]
    assert front["size_categories"] == ["n<1K"]
    assert front["configs"][0]["data_files"][0] == {"split": "train", "path": "data/train-*"}  # type: ignore[index]


def test_every_column_is_explained() -> None:
    assert set(MEANING) == set(COLUMNS)
    text = card({})
    assert all(f"| `{name}` |" in text for name in COLUMNS)


def test_counts_yields_bias_and_shortfall_are_told() -> None:
    given = summary(("add", "relation"))
    given["accepted"]["relation"] = 3
    given["types_by_split"] = {"add": {"train": 7, "test": 1}, "relation": {"train": 3}}
    text = card(given)
    assert "| `relation` | implicit | 3 | 0 | 0 | 3 |" in text
    assert (
        f"{given['types']['add']['left']['assess']} of {given['types']['add']['entered']['assess']}" in text
    )
    assert "| mutual information | 0.83 | 0.21 |" in text
    assert "`relation` (3 of 8)" in text
    assert "kind: world" in text


def test_measures_of_several_pairs_of_concepts_are_listed_each() -> None:
    bias = {"before": {"mutual_information": {"concept x colour": 0.5}}, "after": {}}
    assert "| mutual information: concept x colour | 0.5 | - |" in card({"bias": bias})


def test_mixed_or_unheard_licences_are_other() -> None:
    assert licence_id({"CC0-1.0": 1, "MIT": 1}) == "other"
    assert licence_id({"my own": 2}) == "other"
    assert licence_id({}) == "unknown"


def test_the_bias_report_of_the_world_is_read() -> None:
    side = {"dependence": 0.5, "coverage": 0.25, "counted": 40}
    pair = {"concept": "dog", "value": "snow_field", "before": 1.5, "after": 0.25}
    bias = {
        "scenes": {"before": 7, "after": 10},
        "context": {"before": side, "after": {**side, "dependence": 0.125}, "pairs": [pair]},
    }
    text = card({"bias": bias})
    assert "| scenes: drawn | 7 | 10 |" in text
    assert "| concept x context: mutual information (bits) | 0.5 | 0.125 |" in text
    assert "| dog · snow field | 1.5 | 0.25 |" in text


def test_the_bias_is_drawn_beside_the_card() -> None:
    pair = {"concept": "dog & cat", "value": "snow_field", "before": 1.5, "after": 0.25}
    bias = {"context": {"before": {"coverage": 0.2}, "after": {"coverage": 0.3}, "pairs": [pair]}}
    plot = ElementTree.fromstring(bias_plot(bias))
    circles = {
        node.get("class"): float(node.get("cx", 0)) for node in plot.iter() if node.tag.endswith("circle")
    }
    assert circles["after"] < circles["before"]
    assert f"({BIAS_PLOT})" in card({"bias": bias})
    assert bias_plot({}) == "" and BIAS_PLOT not in card({})
