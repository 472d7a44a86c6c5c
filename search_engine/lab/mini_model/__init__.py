"""The bundled model, trained from nothing on fresh drawings.

=============  =====================================================================================
module         owns
=============  =====================================================================================
augmentation   one training picture: drawn, framed, cropped, and a little spoilt
known_things   the background texts that the model brings: each kind of thing it knows
batches        an endless stream of fresh drawings with true and false captions, all from seeds
captions       A small grammar: what can be said about a scene, and exactly what it means
losses         what the training minimises
misspelling    slips of the pen, and words that look like ours but are none
model          the architecture of the mini model, and how it is saved for sentence-transformers
schedule       how long training lasts, and which optimisers take which weights
tokenizer      A small byte-level BPE vocabulary, learned from the words of the captions
towers         the two towers during training: texts and pictures to unit vectors, fast on a CPU
training       the two stages: seeing, then reading
truth          which captions are true of which pictures, for whole batches at once
unknown_words  words that name nothing we draw; in training they teach the model to say no
vocabulary     the words of the captions: names, synonyms, umbrella terms, and how things are said
=============  =====================================================================================
"""
