"""How good the bundled model is, measured on drawings and words that training never saw.

=========  =========================================================================================
module     owns
=========  =========================================================================================
album      fresh drawings that training never saw, and their vectors
judges     the words that judge the model: none of them is ever used in training
pointing   whether heat maps point at what was asked for
quality    the figures of the bundled model, with their floors
queries    the queries that judge the model, each with what a right answer shows
=========  =========================================================================================
"""
