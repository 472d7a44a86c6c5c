"""What this program claims about its scores, proved again on drawings made for it, in one run.

============  ====================================================================
module        owns
============  ====================================================================
figures       a measured figure, what it is compared with, and its bound
studio        a temporary folder in which a gallery is drawn and indexed
presence      what is here is told from what is not
suspects      wrong labels are found
duplicates    copies are found, and other drawings of the same thing are not
retrieval     names find their pictures, and the figures are computed right
pointing      heat maps point at what was asked for
command       ``python -m search_engine.proofs``
============  ====================================================================
"""
