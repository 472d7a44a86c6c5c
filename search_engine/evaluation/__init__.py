"""How good the answers are, measured without labelling anything.

==============  ====================================================================================
module          owns
==============  ====================================================================================
ground_truth    which pictures belong to which category
category_names  names of categories that do not say what is shown
metrics         average precision, nDCG, what chance gives, bootstrap intervals
streaming       many questions over all pictures, one pass over the vectors at a time
distinct        copies and near-duplicates counted once
retrieval       each category's name as a question
zero_shot       each picture to the category whose name fits best
image_queries   each picture as a question: no words needed
templates       which wording finds the categories best
wording         how far an answer depends on its wording
nonsense        words that mean nothing
presence        the proof: questions with and without an answer, told apart
reliability     AUROC, average precision, calibration error
==============  ====================================================================================
"""
