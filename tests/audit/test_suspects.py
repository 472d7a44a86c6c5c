"""Flipped labels are found, by each signal and by both."""

from dataclasses import replace

import numpy as np
import pytest

from search_engine.audit import label_votes
from search_engine.audit.inventory import NO_CATEGORY
from search_engine.audit.label_errors import Signal
from search_engine.audit.lists import table_of_suspects
from search_engine.lab.proofs.prove_label_errors import flipped, suspicion

FLOORS = {Signal.NEIGHBOURS: 0.8, Signal.WORDS: 0.85, Signal.COMBINED: 0.85}


def test_flipped_labels_are_found(audit):
    """With one label in twenty wrong, most of them are in the first twentieth of the list."""
    recalls, right = {signal: [] for signal in Signal}, []
    for seed in range(4):
        inventory, wrong = flipped(audit.inventory, seed)
        found = suspicion(audit, inventory)
        for signal in Signal:
            top = found.ranked(signal)[: len(wrong)]
            recalls[signal].append(np.isin(wrong, top).mean())
        hits = np.intersect1d(wrong, found.ranked(Signal.COMBINED)[: len(wrong)])
        right.append((found.combined.suggestions[hits] == audit.inventory.labels[hits]).mean())
    for signal, floor in FLOORS.items():
        assert np.mean(recalls[signal]) >= floor, (signal, recalls)
    assert np.mean(right) >= 0.9


def test_a_copy_is_no_witness(audit):
    """Copies with the same wrong label do not vouch for one another."""
    inventory = audit.inventory
    counts = np.bincount(inventory.contents)
    content = int(np.argmax(counts))
    places = inventory.pictures_of(np.array([content]))
    assert len(places) == 2
    label = int(inventory.labels[places[0]])
    labels = inventory.labels.copy()
    labels[places] = (label + 1) % len(inventory.categories)
    alone = labels.copy()
    alone[places[1]] = label
    neighbours = audit.fair_neighbours()
    both = label_votes.neighbour_doubt(replace(inventory, labels=labels), neighbours)
    one = label_votes.neighbour_doubt(replace(inventory, labels=alone), neighbours)
    assert both.scores[places[0]] == one.scores[places[0]]
    assert both.scores[places[0]] > 0


def test_evidence_is_shown(audit):
    """A suspect comes with its likelier category, and pictures of that category as witnesses."""
    found = audit.suspects(Signal.NEIGHBOURS)[:3]
    assert [one.neighbours for one in found] == sorted((s.neighbours for s in found), reverse=True)
    for one in found:
        assert one.suggested != one.record.category
        assert one.record.picture_id not in one.witnesses
        first = audit.engine.catalog.pictures.by_id(one.witnesses[:1])[one.witnesses[0]]
        assert first.category == one.suggested
    lines = table_of_suspects(audit.engine, found).decode().splitlines()
    assert len(lines) == 4
    assert found[0].record.path in lines[1]


def test_without_a_model_the_neighbours_decide(audit):
    """Where no words are asked for, the list is that of the neighbours."""
    found = audit.suspicion(with_words=False)
    assert found.words is None
    assert found.combined is found.neighbours
    assert found.ranked(Signal.WORDS).tolist() == found.ranked(Signal.NEIGHBOURS).tolist()


def test_pictures_without_a_category_are_left_alone(audit):
    """They are not doubted, do not vote, and are never suggested."""
    inventory = audit.inventory
    label = int(inventory.labels[0])
    labels = np.where(inventory.labels == label, NO_CATEGORY, inventory.labels)
    found = suspicion(audit, replace(inventory, labels=labels))
    nameless = np.flatnonzero(labels == NO_CATEGORY)
    for signal in Signal:
        assert not np.isin(nameless, found.ranked(signal)).any()
    assert label not in found.neighbours.suggestions.tolist()
    assert np.isnan(found.neighbours.scores[nameless]).all()


def test_a_small_category_is_not_outvoted(audit):
    """Of two pictures in a category each vouches fully for the other; one alone is not judged."""
    inventory = audit.inventory
    labels = inventory.labels.copy()
    near = int(audit.fair_neighbours().places[0, 0])
    pair = inventory.firsts[[0, near]]
    labels[pair] = len(inventory.categories)
    categories = (*inventory.categories, "pair")
    both = replace(inventory, labels=labels, categories=categories)
    found = label_votes.neighbour_doubt(both, audit.fair_neighbours())
    assert found.scores[pair[0]] < 0
    labels[pair[1]] = inventory.labels[pair[1]]
    alone = label_votes.neighbour_doubt(both, audit.fair_neighbours())
    assert np.isnan(alone.scores[pair[0]])


@pytest.mark.parametrize(
    ("own", "others", "votes", "margin", "suggested"),
    [
        (0, 9, [1, 1, 1, 1], 1.0, 1),
        (0, 9, [0, 0, 0, 0], -1.0, -1),
        (0, 9, [2, 1, 1, 0], 0.25, 1),
        (0, 2, [2, 1, 1, 0], 0.0, 1),
        (0, 9, [2, 1, 0, -1], 0.0, 2),
        (0, 0, [1, 1, 1, 1], np.nan, -1),
        (0, 9, [-1, -1, -1, -1], np.nan, -1),
        (-1, 9, [1, 1, 1, 1], np.nan, -1),
    ],
)
def test_votes_are_counted(own, others, votes, margin, suggested):
    """The margin is the share of the best other category less that of the own one."""
    margins, names = label_votes._margins(
        np.array([own], dtype=np.int32), np.array([votes], dtype=np.int32), np.array([others])
    )
    assert margins[0] == pytest.approx(margin, nan_ok=True)
    assert names[0] == suggested
