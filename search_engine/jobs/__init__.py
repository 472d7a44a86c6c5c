"""Builds, repairs and drawings in processes of their own, which outlive the page that began them.

=========  ====================================================================
module     owns
=========  ====================================================================
control    jobs: begun, asked about, cancelled
job_writer what one that runs in this process tells of itself
news       how jobs ended that nobody has seen yet
process    what such a process runs
processes  those of this machine, told from later ones of the same number
=========  ====================================================================
"""

from __future__ import annotations

from search_engine.jobs.control import Jobs, JobState, JobStatus
from search_engine.jobs.job_writer import shown_to_pages
from search_engine.jobs.news import JobNews

__all__ = ["JobNews", "JobState", "JobStatus", "Jobs", "shown_to_pages"]
