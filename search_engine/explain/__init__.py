"""Why this picture: what its score is made of, and which part of the picture it comes from.

================  ==================================================================================
module            owns
================  ==================================================================================
explanation       all that explains one picture's score, together
word_effects      which word of a question carries the score
negation          words that the model does not understand as a no
crop              the square of a picture that the model saw
heat_map          which part of the picture answers the question
occlusion         by hiding places, and by showing places alone
patch_similarity  by what each patch shows
windows           windows over a square, and what they say spread over its places
heat_painting     a heat map over its picture
================  ==================================================================================
"""
