"""Builds, repairs and drawings in processes of their own, which outlive the page that began them.

=========  ====================================================================
module     owns
=========  ====================================================================
control    jobs: begun, asked about, cancelled
news       how jobs ended that nobody has seen yet
process    what such a process runs
processes  those of this machine, told from later ones of the same number
=========  ====================================================================
"""

from __future__ import annotations

from search_engine.jobs.control import Jobs, JobState, JobStatus
from search_engine.jobs.news import JobNews
from search_engine.jobs.processes import is_running

__all__ = ["JobNews", "JobState", "JobStatus", "Jobs", "is_running"]
