"""Quality: how good the search is, measured with the categories of a collection.

==============  ====================================================================================
module          owns
==============  ====================================================================================
presence_view   can it be told what is not here?
retrieval_view  the names of the categories as queries
zero_shot_view  which are taken for which
==============  ====================================================================================
"""
