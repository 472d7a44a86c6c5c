"""Builds, repairs and drawings in processes of their own, which outlive the page that began them.

=========  ====================================================================
module     owns
=========  ====================================================================
control    jobs: begun, asked about, cancelled
job_writer what one that runs in this process tells of itself
news       how jobs ended that nobody has seen yet
watches    which folders are watched, and the process that does it
watcher    what that process runs
process    what such a process runs
processes  those of this machine, told from later ones of the same number
=========  ====================================================================
"""

from __future__ import annotations

from search_engine.jobs.control import Jobs, JobState, JobStatus
from search_engine.jobs.job_writer import shown_to_pages
from search_engine.jobs.news import JobNews
from search_engine.jobs.watches import FolderLook, Watches

__all__ = ["FolderLook", "JobNews", "JobState", "JobStatus", "Jobs", "Watches", "shown_to_pages"]
