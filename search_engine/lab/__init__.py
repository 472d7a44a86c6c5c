"""The laboratory: what measures and trains. The product imports none of it, a contract says so.

=============  =====================================================================================
module         owns
=============  =====================================================================================
benchmark      what this program does on this machine, against the plain way
mini_model     the training of the bundled model
model_quality  how good the bundled model is
model_speeds   how quick the models are that the documentation names
proofs         what is claimed about scores, measured again on fresh drawings
=============  =====================================================================================
"""
