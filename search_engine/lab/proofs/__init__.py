"""What this program claims about its scores, proved again on drawings made for it, in one run.

==================  ================================================================================
module              owns
==================  ================================================================================
bounds              a measured figure, what it is compared with, and its bound
studio              a temporary folder in which a gallery is drawn and indexed
prove_presence      what is here is told from what is not
prove_label_errors  wrong labels are found
prove_duplicates    copies are found, and other drawings of the same thing are not
prove_retrieval     names find their pictures, and the figures are computed right
prove_precision     twenty pictures tell how many matches are right
prove_pointing      heat maps point at what was asked for
prove_marks         marked answers find more of what was meant
prove_words         words that a picture shows give it more than words that it does not
command             ``python -m search_engine.proofs``
==================  ================================================================================
"""
