"""How good the answers are, measured without labelling anything.

===========  ====================================================================
module       owns
===========  ====================================================================
truth        which pictures belong to which category
odd_names    names of categories that do not say what is shown
measures     average precision, nDCG, what chance gives, bootstrap intervals
ranking      many questions over all pictures, one pass over the vectors at a time
counting     copies and near-duplicates counted once
retrieval    each category's name as a question
zero_shot    each picture to the category whose name fits best
likeness     each picture as a question: no words needed
templates    which wording finds the categories best
wording      how far an answer depends on its wording
===========  ====================================================================
"""
