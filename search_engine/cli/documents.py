"""The stable JSON of the command line; what stands here is documented in the README."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from search_engine.calibration.match import CUT_MATCH
from search_engine.calibration.verdict import Verdict
from search_engine.cli import rules
from search_engine.collection.catalog import Catalog
from search_engine.records import CollectionSummary, SkippedFile
from search_engine.records.builds import BuildReport
from search_engine.records.findings import Findings
from search_engine.search.engine import SearchEngine
from search_engine.search.results import SearchResults

_BUILDS = 20


def as_json(document: object) -> str:
    """Write a document; names that are not UTF-8 come through as escapes."""
    return json.dumps(document, indent=2)


def of_search(engine: SearchEngine, answer: SearchResults) -> dict[str, Any]:
    """Return the results of a search."""
    return {
        "query": str(answer.query),
        "collection": answer.collection,
        "model": answer.manifest.model.model_id,
        "exact": answer.exact,
        "results": [
            {
                "rank": result.rank,
                "picture_id": result.record.picture_id,
                "path": str(engine.path(result.record)),
                "category": result.record.category,
                "score": round(result.score, 6),
                "match": None if result.match is None else round(result.match, 2),
                "stands_out": result.stands_out,
            }
            for result in answer.results
        ],
        "verdict": of_verdict(answer.verdict) if answer.verdict else None,
    }


def of_verdict(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict on a question."""
    return {
        "presence": verdict.presence,
        "text": verdict.text,
        "best_match": round(verdict.best_match, 2),
        "matches": verdict.matches,
        "cut_match": CUT_MATCH,
        "cut_score": round(verdict.cut_score, 6),
    }


def of_build(report: BuildReport) -> dict[str, Any]:
    """Return what a build did."""
    return {
        "collection": report.collection,
        "added": report.added,
        "changed": report.changed,
        "moved": report.moved,
        "removed": report.removed,
        "lost": report.lost,
        "unchanged": report.unchanged,
        "read_again": report.read_again,
        **of_findings(report.findings),
        "rules": rules.of_effects(report.effects),
        "skipped": [of_skip(skip) for skip in report.skipped],
        "kept": report.kept,
        "remarked": report.remarked,
        "seconds": round(report.seconds, 3),
    }


def of_skip(skip: SkippedFile) -> dict[str, str]:
    """Return a file that was left out."""
    return {"path": skip.path, "reason": skip.explanation}


def of_findings(findings: Findings) -> dict[str, Any]:
    """Return what a look through the folder found beside pictures."""
    return {
        "away": [
            {"place": place.path, "pictures": place.pictures, "reason": str(place.reason)}
            for place in findings.away
        ],
        "not_read": [
            {"ending": one.ending, "what": one.what, "count": one.count} for one in findings.unread
        ],
        "links": findings.links,
    }


def of_collection(summary: CollectionSummary) -> dict[str, Any]:
    """Return a line of the list of collections."""
    return {
        "collection": summary.name,
        "folder": summary.folder,
        "pictures": summary.pictures,
        "categories": summary.categories,
        "skipped": summary.skipped,
        "state": summary.state,
        **of_findings(summary.findings),
        "rules": rules.of_rules(summary.rules),
        "index": asdict(summary.manifest) if summary.manifest else None,
    }


def of_catalog(summary: CollectionSummary, catalog: Catalog) -> dict[str, Any]:
    """Return all that is known about a collection."""
    categories = catalog.pictures.categories()
    return of_collection(summary) | {
        "categories": {category or "": count for category, count in categories.items()},
        "skipped": [of_skip(skip) for skip in catalog.skipped],
        "remarks": [
            {"path": picture.path, "remark": picture.remark}
            for picture in catalog.pictures.remarks()
        ],
        "builds": [asdict(build) for build in catalog.builds.latest(_BUILDS)],
    }
